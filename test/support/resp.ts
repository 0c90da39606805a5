/*
 * Requests and replies as bytes. Text stands for bytes in latin1, one character each, unless a test says otherwise.
 */

/** A request as an array of bulk strings. Words that are not ASCII are sent as UTF-8. */
export function request(...words: readonly string[]): string {
	return `*${words.length}\r\n${words.map(bulk).join('')}`;
}

/** A bulk string. Text that is not ASCII is sent as UTF-8. */
export function bulk(text: string): string {
	return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** Cuts bytes into chunks at the given places, taken modulo the length. */
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

/** One reply, as the text it came in and as the frames within it. */
export type Frame = {readonly text: string; readonly head: string; readonly items: readonly Frame[]};

const aggregates = '*~>%';

/** The first whole frame from `start` on, and where it ends; undefined while it is incomplete. */
export function readFrame(text: string, start = 0): {readonly frame: Frame; readonly end: number} | undefined {
	const lineEnd = text.indexOf('\r\n', start);
	if (lineEnd < 0) return undefined;
	const head = text.slice(start, lineEnd + 2);
	const sign = head[0] ?? '';
	const count = Number(head.slice(1));
	let end = lineEnd + 2;
	const items: Frame[] = [];
	if ((sign === '$' || sign === '=') && count >= 0) {
		end += count + 2;
		if (end > text.length) return undefined;
	} else if (aggregates.includes(sign)) {
		for (let item = 0; item < (sign === '%' ? count * 2 : count); item++) {
			const found = readFrame(text, end);
			if (!found) return undefined;
			items.push(found.frame);
			({end} = found);
		}
	}
	return {frame: {text: text.slice(start, end), head, items}, end};
}

/** The texts of all frames of a text, from its beginning to its end. */
export function framesOf(text: string): string[] {
	const frames: string[] = [];
	for (let at = 0; at < text.length; ) {
		const found = readFrame(text, at);
		if (!found) throw new Error(`not a reply: ${JSON.stringify(text.slice(at, at + 40))}`);
		frames.push(found.frame.text);
		at = found.end;
	}
	return frames;
}

/** The text of a frame, the same for every order in which a server may list the items, at any depth. */
export function unordered(frame: Frame): string {
	if (frame.items.length === 0) return frame.text;
	const items = frame.items.map(unordered);
	if (!frame.head.startsWith('%')) return frame.head + items.sort().join('');
	const pairs = items.filter((_, index) => index % 2 === 0).map((key, index) => key + (items[index * 2 + 1] ?? ''));
	return frame.head + pairs.sort().join('');
}

/** The kind of a frame without its content: its type, and for an aggregate the kinds of its items. */
export function shape(frame: Frame): string {
	const sign = frame.head[0] ?? '';
	if (!aggregates.includes(sign)) return sign;
	const kinds = new Set(frame.items.map(shape));
	return `${sign}(${[...kinds].sort().join('|')})`;
}
