import {aggregates, type Frame} from './frame-reader.js';

/*
 * Requests and replies as bytes. Text is latin1, one character per byte, unless noted otherwise.
 */

/** A request as an array of bulk strings. Words that are not ASCII are sent as UTF-8. */
export function request(...words: readonly string[]): string {
	return `*${words.length}\r\n${words.map(bulk).join('')}`;
}

/** A bulk string. Text that is not ASCII is sent as UTF-8. */
export function bulk(text: string): string {
	return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** Cuts bytes into chunks at the given offsets, modulo the length. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
	const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
	const chunks: Buffer[] = [];
	let from = 0;
	for (const place of [...sorted, bytes.length]) {
		if (place > from) chunks.push(bytes.subarray(from, place));
		from = Math.max(from, place);
	}
	return chunks;
}

/** The text of a frame with the items sorted at all depths, for replies whose order is undefined. */
export function unordered(frame: Frame): string {
	if (frame.items.length === 0) return frame.text;
	const items = frame.items.map(unordered);
	if (!frame.head.startsWith('%')) return frame.head + items.sort().join('');
	const pairs = items.filter((_, index) => index % 2 === 0).map((key, index) => key + (items[index * 2 + 1] ?? ''));
	return frame.head + pairs.sort().join('');
}

/** The structure of a frame without its content: its type, and for an aggregate the structures of its items. */
export function shape(frame: Frame): string {
	const sign = frame.head[0] ?? '';
	if (!aggregates.includes(sign)) return sign;
	const kinds = new Set(frame.items.map(shape));
	return `${sign}(${[...kinds].sort().join('|')})`;
}
