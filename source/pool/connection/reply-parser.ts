import {ReplyError} from 'ioredis';

const ServerReplyError = ReplyError as new (message: string) => Error;

/** The bytes are not a reply. */
export class MalformedReplyError extends Error {}

/**
 * An array, map, set, push or attribute that is being read: `count` of its `size` elements have been. Pushes and attributes
 * are dropped.
 */
type Aggregate = {readonly elements: unknown[]; count: number; readonly size: number; readonly isDropped: boolean};

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const minus = 0x2d;
const plus = 0x2b;
const zero = 0x30;

/** The first byte of each type of element. */
const type = {
	simple: 0x2b,
	error: 0x2d,
	number: 0x3a,
	bulk: 0x24,
	array: 0x2a,
	null: 0x5f,
	boolean: 0x23,
	double: 0x2c,
	bigNumber: 0x28,
	bulkError: 0x21,
	verbatim: 0x3d,
	map: 0x25,
	set: 0x7e,
	push: 0x3e,
	attribute: 0x7c,
};

/** Elements that are allocated in advance. A larger array grows as its elements arrive, since its length is only a claim. */
const maxPrepared = 1024;

/** Depth of nested arrays that are allocated in advance: a few bytes can announce an array, which then takes 8 KB. */
const maxPreparedDepth = 4;

/** Length of the prefix of a verbatim string: `txt:`. */
const formatBytes = 4;

/**
 * Parses replies in RESP2 and RESP3, and gives them the shapes of RESP2, as ioredis does: strings and doubles as bytes,
 * booleans as numbers, maps and sets as arrays, big numbers as text. Pushes and attributes are dropped: nothing on a lane
 * expects them.
 *
 * Lanes and subscribing connections use it instead of the parser of ioredis, which looks up its private fields in a `WeakMap` a
 * dozen times per element.
 */
export class ReplyParser {
	readonly #onReply: (reply: unknown) => void;
	/** Aggregates that are being read, the innermost last. */
	readonly #open: Aggregate[] = [];
	/** Parts of an element that has not arrived completely. */
	#rest: Buffer[] = [];
	#restBytes = 0;
	/** Length in bytes of that element; 0 if its first line has not arrived completely. */
	#wholeBytes = 0;

	/** @param onReply Called with a reply; with an `Error` for an error reply. Must not throw. */
	constructor(onReply: (reply: unknown) => void) {
		this.#onReply = onReply;
	}

	/**
	 * @throws {MalformedReplyError} the bytes are not a reply. The parser cannot be used after that, nor after an error that
	 * `onReply` has thrown.
	 */
	read(chunk: Buffer): void {
		let at = this.#restBytes > 0 ? this.#readRest(chunk) : 0;
		while (at < chunk.length) {
			const end = this.#element(chunk, at);
			if (end < 0) {
				this.#keep(chunk.subarray(at));
				return;
			}
			at = end;
		}
	}

	/** Reads the element that has begun in an earlier chunk. @returns Where the next one begins. */
	#readRest(chunk: Buffer): number {
		let at = 0;
		while (at < chunk.length) {
			const missing = this.#wholeBytes - this.#restBytes;
			const end = missing > 0 ? Math.min(at + missing, chunk.length) : lineEnd(chunk, at);
			this.#keep(chunk.subarray(at, end));
			at = end;
			if (this.#restBytes < this.#wholeBytes) break;
			const element = this.#rest.length === 1 ? (this.#rest[0] as Buffer) : Buffer.concat(this.#rest);
			if (this.#element(element, 0) >= 0) {
				this.#rest = [];
				this.#restBytes = 0;
				break;
			}
			this.#rest = [element];
		}
		return at;
	}

	#keep(part: Buffer): void {
		this.#rest.push(part);
		this.#restBytes += part.length;
	}

	/**
	 * Reads one element, or the beginning of an aggregate. @returns The index after it; -1 if it has not arrived completely.
	 */
	#element(chunk: Buffer, at: number): number {
		this.#wholeBytes = 0;
		let line = at + 1;
		const isNegative = chunk[line] === minus;
		if (isNegative || chunk[line] === plus) line++;
		// For types whose first line is not a number, this value is meaningless and not used.
		let number = 0;
		for (let byte = chunk[line]; byte !== carriageReturn; byte = chunk[++line]) {
			if (byte === undefined) return -1;
			number = number * 10 + byte - zero;
		}
		const next = line + 2;
		if (next > chunk.length) return -1;
		if (chunk[line + 1] !== lineFeed) throw new MalformedReplyError('a line that ends without a line feed');
		switch (chunk[at]) {
			case type.bulk:
			case type.verbatim:
			case type.bulkError: {
				if (isNegative) {
					this.#add(null);
					return next;
				}
				const end = next + count(number);
				if (end + 2 > chunk.length) {
					this.#wholeBytes = end + 2 - at;
					return -1;
				}
				if (chunk[end] !== carriageReturn)
					throw new MalformedReplyError(`a length of ${number} that is not that of its bytes`);
				if (chunk[at] === type.bulk) this.#add(chunk.subarray(next, end));
				else if (chunk[at] === type.verbatim) this.#add(chunk.subarray(next + formatBytes, end));
				else this.#add(new ServerReplyError(chunk.toString('utf8', next, end)));
				return end + 2;
			}
			case type.array:
			case type.set:
			case type.map:
			case type.push:
				if (isNegative) this.#add(null);
				else this.#begin(chunk[at] === type.map ? 2 * count(number) : count(number), chunk[at] === type.push);
				return next;
			case type.attribute:
				this.#begin(2 * count(isNegative ? -1 : number), true);
				return next;
			case type.number:
				this.#add(isNegative ? -number : number);
				return next;
			case type.simple:
			case type.double:
				this.#add(chunk.subarray(at + 1, line));
				return next;
			case type.error:
				this.#add(new ServerReplyError(chunk.toString('utf8', at + 1, line)));
				return next;
			case type.null:
				this.#add(null);
				return next;
			case type.boolean:
				this.#add(chunk[at + 1] === 0x74 ? 1 : 0);
				return next;
			case type.bigNumber:
				this.#add(chunk.toString('latin1', at + 1, line));
				return next;
			default:
				throw new MalformedReplyError(`a reply that begins with byte ${chunk[at]}`);
		}
	}

	#begin(size: number, isDropped: boolean): void {
		if (size > 0) {
			const isPrepared = size <= maxPrepared && this.#open.length < maxPreparedDepth;
			this.#open.push({elements: isPrepared ? new Array(size) : [], count: 0, size, isDropped});
		} else if (!isDropped) this.#add([]);
	}

	/** Adds an element to the innermost open aggregate. If none is open, the element is a reply. */
	#add(element: unknown): void {
		let whole = element;
		for (let open = this.#open.at(-1); open !== undefined; open = this.#open.at(-1)) {
			open.elements[open.count++] = whole;
			if (open.count < open.size) return;
			this.#open.pop();
			if (open.isDropped) return;
			whole = open.elements;
		}
		this.#onReply(whole);
	}
}

/**
 * A number of bytes or elements.
 *
 * @throws {MalformedReplyError} the number is negative, as may happen if the line contains other bytes than digits: the
 * parser would loop forever.
 */
function count(number: number): number {
	if (number >= 0) return number;
	throw new MalformedReplyError('a length that is not a number');
}

/** The index after the line feed that ends the line; the end of the chunk if it has none. */
function lineEnd(chunk: Buffer, at: number): number {
	const end = chunk.indexOf(lineFeed, at) + 1;
	return end === 0 ? chunk.length : end;
}
