/** Requests and replies as bytes, for tests. */
export function request(...words: readonly string[]): string {
	return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

export function bulk(text: string): string {
	return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** Cuts text into chunks at the given places. */
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
