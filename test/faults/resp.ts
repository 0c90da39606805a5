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

/** Takes replies apart into frames, from the beginning to the end of the text. */
export function framesOf(text: string): string[] {
	const frames: string[] = [];
	for (let at = 0; at < text.length; ) {
		const end = endOfFrame(text, at);
		frames.push(text.slice(at, end));
		at = end;
	}
	return frames;
}

function endOfFrame(text: string, from: number): number {
	const newline = text.indexOf('\r\n', from);
	if (newline === -1) throw new Error(`not a reply: ${JSON.stringify(text.slice(from, from + 40))}`);
	const type = text[from] ?? '';
	const count = Number(text.slice(from + 1, newline));
	let end = newline + 2;
	if (type === '$') return count < 0 ? end : end + count + 2;
	const parts = '*~>'.includes(type) ? count : type === '%' ? 2 * count : 0;
	for (let part = 0; part < parts; part++) end = endOfFrame(text, end);
	return end;
}
