// A byte order mark must be kept: without it, the name would be that of another key.
const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** Invisible, so that a name with it would look like another name. */
const byteOrderMark = '\uFEFF';

const short: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '\u0007': '\\a', '\b': '\\b'};

const isControl = (code: number) => code < 0x20 || (code >= 0x7f && code < 0xa0);

function escapeText(text: string): string {
	let escaped = '';
	for (const char of text) {
		const code = char.codePointAt(0) ?? 0;
		escaped += isControl(code) ? (short[char] ?? `\\x${code.toString(16).padStart(2, '0')}`) : char;
	}
	return escaped;
}

/** Decodes UTF-8; `undefined` if the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
	try {
		return utf8.decode(bytes);
	} catch {
		return undefined;
	}
}

/**
 * Formats bytes as one line that is safe to print: control characters are escaped, so that no value can move the cursor
 * or change colors, and bytes that are not UTF-8 are written as `\xff`.
 */
export function escapeBytes(bytes: Buffer): string {
	const text = decodeUtf8(bytes);
	if (text !== undefined) return escapeText(text);
	let escaped = '';
	for (const byte of bytes) {
		const char = String.fromCharCode(byte);
		escaped += byte < 0x20 || byte > 0x7e ? (short[char] ?? `\\x${byte.toString(16).padStart(2, '0')}`) : char;
	}
	return escaped;
}

/**
 * Formats bytes in quotes, as redis-cli prints a string, except that UTF-8 stays readable. It takes about forty times the
 * memory of the bytes.
 */
export function quoteBytes(bytes: Buffer): string {
	const escaped = bytes.toString('latin1').replaceAll(/["\\]/g, '\\$&');
	return `"${escapeBytes(Buffer.from(escaped, 'latin1'))}"`;
}

/** Names that are printed unchanged. A fast path, since most names match, and a million of them may be printed. */
const plainName = /^(?!")[ -~]*$/;

/** Formats the name of a key as it is shown and typed: unchanged if that is safe, otherwise in quotes as in redis-cli. */
export function printKey(bytes: Buffer): string {
	const ascii = bytes.toString('latin1');
	if (plainName.test(ascii)) return ascii;
	const text = decodeUtf8(bytes);
	const plain =
		text !== undefined &&
		!text.startsWith('"') &&
		!text.includes(byteOrderMark) &&
		![...text].some((char) => isControl(char.codePointAt(0) ?? 0));
	if (plain) return text;
	let quoted = '';
	for (const byte of bytes) {
		const char = String.fromCharCode(byte);
		if (char === '"' || char === '\\') quoted += `\\${char}`;
		else quoted += byte < 0x20 || byte > 0x7e ? (short[char] ?? `\\x${byte.toString(16).padStart(2, '0')}`) : char;
	}
	return `"${quoted}"`;
}

/** Like `printKey`, for a text. */
export const printText = (text: string): string => printKey(Buffer.from(text));

const long: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', a: '\u0007', b: '\b'};

/** Parses the output of `printKey`. */
export function parseKey(printed: string): Buffer {
	if (!(printed.length > 1 && printed.startsWith('"') && printed.endsWith('"'))) return Buffer.from(printed);
	const raw = printed
		.slice(1, -1)
		.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, hex: string | undefined, char: string | undefined) =>
			hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (long[char ?? ''] ?? char ?? ''),
		);
	return Buffer.from(raw, 'latin1');
}
