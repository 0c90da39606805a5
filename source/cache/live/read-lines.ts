import type {Socket} from 'node:net';
import {StringDecoder} from 'node:string_decoder';

/**
 * Reads a connection line by line. Lines that arrived together are handled one after the other, until the connection is
 * destroyed.
 *
 * @param maxBytes Longest line. A longer one is discarded, and `onTooLong` is called.
 */
export function readLines(
	socket: Socket,
	{
		maxBytes,
		onLine,
		onTooLong,
	}: {readonly maxBytes: number; readonly onLine: (line: string) => void; readonly onTooLong: () => void},
): void {
	const decoder = new StringDecoder('utf8');
	let parts: string[] = [];
	let length = 0;
	socket.on('data', (chunk: Buffer) => {
		const [first = '', ...rest] = decoder.write(chunk).split('\n');
		let text = first;
		for (const next of rest) {
			const line = parts.length === 0 ? text : [...parts, text].join('');
			parts = [];
			length = 0;
			if (socket.destroyed) return;
			if (line.length > maxBytes) return onTooLong();
			onLine(line);
			text = next;
		}
		length += text.length;
		if (text !== '') parts.push(text);
		if (length > maxBytes && !socket.destroyed) {
			parts = [];
			onTooLong();
		}
	});
}
