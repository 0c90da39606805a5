import {format} from 'jsonc-parser';
import {escapeBytes} from '../../escape-bytes.js';

/** Replaces values that JSON cannot represent by a description, so that no part of a decoded value is lost silently. */
function replace(_: string, value: unknown): unknown {
	if (typeof value === 'bigint') return value.toString();
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), item]));
	if (value instanceof Set) return [...value];
	if (value instanceof Uint8Array) return escapeBytes(Buffer.from(value));
	if (value instanceof Error) return value.message;
	return value;
}

/**
 * Maximum nesting of a value that is indented. The size of the indentation grows with the square of the nesting: 10 KB of
 * brackets would become 50 MB of spaces.
 */
export const maxLevels = 64;

/** The nesting of objects and arrays in a JSON text. */
export function nestingOf(text: string): number {
	let depth = 0;
	let deepest = 0;
	let isInString = false;
	for (let index = 0; index < text.length; index++) {
		const char = text.charAt(index);
		if (isInString) {
			if (char === '\\') index++;
			else if (char === '"') isInString = false;
		} else if (char === '"') isInString = true;
		else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
		else if (char === ']' || char === '}') depth--;
	}
	return deepest;
}

const itemsOf = (value: object): readonly unknown[] =>
	value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);

/** True if objects and arrays in a value are nested deeper than `levels`. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
	return levels === 0 || itemsOf(value).some((item) => isNestedDeeper(item, levels - 1));
}

/** Formats a value as lines of JSON, indented by two spaces per level, safe to print. */
export function jsonLines(value: unknown): readonly string[] {
	const text = JSON.stringify(value, replace, 2) ?? String(value);
	return text.split('\n').map((line) => escapeBytes(Buffer.from(line)));
}

/**
 * Formats a JSON text as indented lines. It is not parsed into values, so numbers beyond the precision of a double, and
 * duplicate names, are shown as stored.
 */
export function jsonTextLines(text: string): readonly string[] {
	let formatted = '';
	let at = 0;
	// In the order of the text. `applyEdits` of the package copies the whole text for each of them.
	for (const {offset, length, content} of format(text, undefined, {tabSize: 2, insertSpaces: true, eol: '\n'})) {
		formatted += text.slice(at, offset) + content;
		at = offset + length;
	}
	return (formatted + text.slice(at)).split('\n').map((line) => escapeBytes(Buffer.from(line)));
}

/** Bytes in a row. A row fits into the half of a screen of 110 columns. */
const rowBytes = 8;

/** Bytes as people read them: offset, hexadecimal, and what of it is ASCII. `from`: the offset of the first. */
export function hexLines(bytes: Buffer, from = 0): readonly string[] {
	return Array.from({length: Math.ceil(bytes.length / rowBytes)}, (_, row) => {
		const part = bytes.subarray(row * rowBytes, (row + 1) * rowBytes);
		const hex = [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
		const ascii = [...part].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
		return `${(from + row * rowBytes).toString(16).padStart(6, '0')}  ${hex.padEnd(rowBytes * 3 - 1)}  ${ascii}`;
	});
}
