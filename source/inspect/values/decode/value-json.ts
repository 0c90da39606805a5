import {format} from 'jsonc-parser';
import {escapeBytes} from '../../escape-bytes.js';

/** Replaces what JSON has no form for, so that nothing of a decoded value is lost without a trace. */
function replace(_: string, value: unknown): unknown {
	if (typeof value === 'bigint') return value.toString();
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), item]));
	if (value instanceof Set) return [...value];
	if (value instanceof Uint8Array) return escapeBytes(Buffer.from(value));
	if (value instanceof Error) return value.message;
	return value;
}

/** A value as lines of indented JSON, two blanks a level, safe to print. */
export function jsonLines(value: unknown): readonly string[] {
	const text = JSON.stringify(value, replace, 2) ?? String(value);
	return text.split('\n').map((line) => escapeBytes(Buffer.from(line)));
}

/**
 * A JSON text as indented lines. It is formatted as text: a number beyond the precision of a double, and a name that
 * stands twice, are shown as they are stored.
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
