import {InvalidKeyError} from '../api/errors.js';

/** Longest key, tag and namespace, in bytes of UTF-8. */
const maxKeyBytes = 512;
const maxTags = 64;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001F\u007F]/;

/** @throws {InvalidKeyError} not a string, empty, longer than 512 bytes, or with a control character. */
export function checkKey(key: unknown): asserts key is string {
	check(key, 'key');
}

/** @throws {InvalidKeyError} as for keys; also more than 64 tags. */
export function checkTags(tags: readonly string[]): void {
	if (!Array.isArray(tags)) throw new InvalidKeyError(`tags must be an array of strings, not ${typeof tags}`);
	if (tags.length > maxTags) throw new InvalidKeyError(`an entry can have at most ${maxTags} tags, not ${tags.length}`);
	for (const tag of tags) check(tag, 'tag');
}

/** @throws {InvalidKeyError} anything but 1 to 64 letters, digits, `_`, `-` and `.`. */
export function checkName(name: unknown, what: string): asserts name is string {
	if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
		throw new InvalidKeyError(`${what} ${JSON.stringify(name)} must be 1 to 64 letters, digits, '_', '-' or '.'`);
	}
}

/** True for a string that has more than 512 bytes. A UTF-16 unit takes three bytes at most, so short ones need not be measured. */
export function isTooLong(text: string): boolean {
	return text.length * 3 > maxKeyBytes && Buffer.byteLength(text) > maxKeyBytes;
}

export function tooLong(text: string, what: string): InvalidKeyError {
	return new InvalidKeyError(`${what} ${JSON.stringify(`${text.slice(0, 24)}…`)} is longer than ${maxKeyBytes} bytes`);
}

/**
 * Longest key that is checked in a single loop over its characters, which for short keys is faster than the three separate
 * checks.
 */
const maxPlainLength = 64;

/** True for a short text of printable ASCII, as most keys are: it needs no further checks. */
function isPlain(text: string): boolean {
	const {length} = text;
	if (length === 0 || length > maxPlainLength) return false;
	for (let index = 0; index < length; index++) {
		const code = text.charCodeAt(index);
		if (code < 0x20 || code > 0x7e) return false;
	}
	return true;
}

function check(text: unknown, what: string): asserts text is string {
	if (typeof text === 'string' && isPlain(text)) return;
	if (typeof text !== 'string')
		throw new InvalidKeyError(`${what} must be a string, not ${text === null ? 'null' : typeof text}`);
	if (text === '') throw new InvalidKeyError(`${what} must not be empty`);
	if (isTooLong(text)) throw tooLong(text, what);
	if (!text.isWellFormed())
		throw new InvalidKeyError(`${what} ${JSON.stringify(text.slice(0, 64))} has half of a surrogate pair`);
	if (control.test(text))
		throw new InvalidKeyError(`${what} ${JSON.stringify(text.slice(0, 64))} has a control character`);
}
