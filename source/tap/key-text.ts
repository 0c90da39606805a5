import {createHmac, randomBytes} from 'node:crypto';
import {printable} from '../text/printable.js';

const plainAscii = /^[ -~]*$/;

const utf8 = new TextDecoder('utf-8', {fatal: true});

/** Formats the name of a key, or a pattern, for display. Its input is latin1, as in `CommandEvent`. */
export type KeyPrinter = (key: string) => string;

/** The name of a key in UTF-8, on one line that is safe to print. Bytes that are no UTF-8 are written as `\xff`. */
export function keyText(key: string): string {
	if (plainAscii.test(key)) return key;
	try {
		return printable(utf8.decode(Buffer.from(key, 'latin1')));
	} catch {
		return key.replaceAll(/[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
	}
}

/** Runs of characters between separators; `*` in a pattern hides nothing, so it stays. */
const parts = /[^:/.|*]+/g;

/** Hexadecimal digits for each part: short enough to read, enough to distinguish ten thousand parts. */
const digits = 8;

/**
 * Prints names as they are, or hides them: each part of a name becomes a hash of it, so that equal names and common
 * prefixes stay recognizable (`#5ad31f07:#c08e9914`). The hash has a new secret in each run, since a plain hash of
 * `user:123` could be guessed.
 */
export function keyPrinter(options: {readonly hide: boolean}): KeyPrinter {
	if (!options.hide) return keyText;
	const secret = randomBytes(16);
	return (key) =>
		key.replaceAll(
			parts,
			(part) => `#${createHmac('sha256', secret).update(part, 'latin1').digest('hex').slice(0, digits)}`,
		);
}
