import {ReceivedBytes} from './received-bytes.js';

/** One reply, as the text it came in and as the frames within it. */
export type Frame = {readonly text: string; readonly head: string; readonly items: readonly Frame[]};

/** An aggregate that lacks items. */
type Unfinished = {readonly start: number; readonly head: string; readonly items: Frame[]; left: number};

export const aggregates = '*~>%';

/** Reads one frame after the other from bytes that arrive, and goes on where it had to stop: it reads no item twice. */
export class FrameReader {
	readonly #bytes: ReceivedBytes;
	/** The end of the last whole frame. */
	#taken = 0;
	/** Where the next line begins. */
	#at = 0;
	/** From where on the end of that line may be. */
	#searchFrom = 0;
	/** Without so many bytes there is nothing more to read. */
	#needed = 0;
	/** The outermost first. */
	readonly #unfinished: Unfinished[] = [];

	constructor(bytes: ReceivedBytes) {
		this.#bytes = bytes;
	}

	/** Up to where frames were taken. */
	get taken(): number {
		return this.#taken;
	}

	/** The next whole frame; undefined while it is incomplete. */
	next(): Frame | undefined {
		const bytes = this.#bytes;
		while (bytes.length >= this.#needed) {
			const lineEnd = bytes.indexOf('\r\n', this.#searchFrom);
			if (lineEnd < 0) {
				this.#searchFrom = Math.max(this.#at, bytes.length - 1);
				return undefined;
			}
			this.#searchFrom = lineEnd;
			const start = this.#at;
			const head = bytes.text(start, lineEnd + 2);
			const sign = head[0] ?? '';
			const count = Number(head.slice(1));
			const isBulk = (sign === '$' || sign === '=') && count >= 0;
			const end = lineEnd + 2 + (isBulk ? count + 2 : 0);
			this.#needed = end;
			if (bytes.length < end) return undefined;
			this.#at = end;
			this.#searchFrom = end;
			const left = !aggregates.includes(sign) ? 0 : sign === '%' ? 2 * count : count;
			if (left > 0) this.#unfinished.push({start, head, items: [], left});
			else {
				const frame = this.#add({text: bytes.text(start, end), head, items: []}, end);
				if (frame !== undefined) return frame;
			}
		}
		return undefined;
	}

	/** Adds a frame to the aggregates that it may finish. @returns The outermost, if that is whole. */
	#add(frame: Frame, end: number): Frame | undefined {
		let whole = frame;
		for (let parent = this.#unfinished.at(-1); parent !== undefined; parent = this.#unfinished.at(-1)) {
			parent.items.push(whole);
			parent.left--;
			if (parent.left > 0) return undefined;
			this.#unfinished.pop();
			whole = {text: this.#bytes.text(parent.start, end), head: parent.head, items: parent.items};
		}
		this.#taken = end;
		return whole;
	}
}

/** The frames of a text, from its beginning to its end. */
export function framesOf(text: string): Frame[] {
	const bytes = new ReceivedBytes();
	bytes.add(Buffer.from(text, 'latin1'));
	const reader = new FrameReader(bytes);
	const frames: Frame[] = [];
	for (let frame = reader.next(); frame !== undefined; frame = reader.next()) frames.push(frame);
	if (reader.taken < bytes.length)
		throw new Error(`not a reply: ${JSON.stringify(bytes.text(reader.taken, reader.taken + 40))}`);
	return frames;
}
