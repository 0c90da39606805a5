import {ReceivedBytes} from './received-bytes.js';

/** One reply: its text as received, and the frames within it. */
export type Frame = {readonly text: string; readonly head: string; readonly items: readonly Frame[]};

/** An aggregate whose items have not all been read. */
type Unfinished = {readonly start: number; readonly head: string; readonly items: Frame[]; left: number};

export const aggregates = '*~>%';

/** Reads frames from bytes as they arrive. It continues where it stopped, so that no item is read twice. */
export class FrameReader {
	readonly #bytes: ReceivedBytes;
	/** End of the last complete frame. */
	#taken = 0;
	/** Start of the next line. */
	#at = 0;
	/** Offset from which the end of that line is searched. */
	#searchFrom = 0;
	/** Number of bytes that must have arrived before reading continues. */
	#needed = 0;
	/** Incomplete aggregates, outermost first. */
	readonly #unfinished: Unfinished[] = [];

	constructor(bytes: ReceivedBytes) {
		this.#bytes = bytes;
	}

	/** Offset after the last frame that was returned. */
	get taken(): number {
		return this.#taken;
	}

	/** The next complete frame; undefined while it is incomplete. */
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

	/** Adds a frame to the innermost aggregate, which may complete outer ones. @returns The outermost, if it is complete. */
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

/** All frames of a text. */
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
