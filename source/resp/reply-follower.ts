/**
 * The reason why the follower stopped: `end`: a reply is complete; `more`: the chunk is used up; `broken`: these bytes
 * are no reply that can be followed.
 */
type ReplyStop = 'end' | 'more' | 'broken';

/** Digits of a number that is read at once: fewer than any that is not exact. */
const maxDigits = 15;

/** Characters kept of the first text of a reply: enough for the code of an error and the kind of a push. */
const maxTextLength = 32;

const cr = 13;
const lf = 10;
const plus = 43;
const minus = 45;
const zero = 48;
const nine = 57;
const attribute = '|'.charCodeAt(0);
const bulk = '$'.charCodeAt(0);
const integer = ':'.charCodeAt(0);
const simpleError = '-'.charCodeAt(0);
const bulkError = '!'.charCodeAt(0);

type State = 'type' | 'line' | 'number' | 'body';

/** Told of the elements of a reply, down to the elements of its elements. */
export type ElementWatcher = {
	/**
	 * An element begins.
	 *
	 * @param depth 1 for an element of the reply, 2 for an element of such an element.
	 * @param type Its type byte.
	 * @param size Its length, its count, or its number; -1 for null. 0 for types that have none of these.
	 */
	element(depth: 1 | 2, type: number, size: number): void;
	/** The element of depth 1 that began last is an error, with this beginning of its text. */
	error(text: string): void;
};

/**
 * Finds where each reply of a stream ends (RESP2 and RESP3, nested replies and attributes included). The stream may be
 * cut anywhere. Bodies are skipped, except for the few facts below.
 */
export class ReplyFollower {
	/** Type byte of the reply, after any attributes: `>` is a push. */
	type = 0;
	/** Its first text, at most 32 characters: always for an error, for other replies while `wantsText` is set. */
	text = '';
	/** The last integer in it. */
	lastNumber = 0;
	/** Its length in bytes, its count of elements (pairs in a map), or its number; -1 for null. Valid at `end`. */
	size = 0;
	/** True while `text` is read for replies that are not errors, a status included. Set it between two replies. */
	wantsText = false;
	/** Told of the elements of the replies to come. Set it between two replies. */
	watcher: ElementWatcher | undefined;
	/** Offset in the chunk at which the next call continues. */
	offset = 0;

	#state: State = 'type';
	#elementType = 0;
	/** Elements still to come before the reply ends; 0 between two replies. */
	#remaining = 0;
	#number = 0;
	#isNegative = false;
	/** The line of a length or a count has other characters than digits. */
	#isUnreadable = false;
	/** Bytes of the body still to come, including the two that end it. */
	#left = 0;
	#isOutermost = false;
	#isTextOpen = false;
	/** Depth of the element being read, for the watcher; 3 also stands for everything below. */
	#depth: 0 | 1 | 2 | 3 = 0;
	/** Values of `#remaining` at which the next element of depth 1 and of depth 2 begins; -1 if there is none. */
	#nextOfReply = -1;
	#nextOfElement = -1;

	/** True between two replies. */
	get atBoundary(): boolean {
		return this.#remaining === 0;
	}

	/** True for a reply that is an error. Valid at `end`. */
	get isError(): boolean {
		return isErrorType(this.type);
	}

	/** Continues at an offset of a chunk. Call it again with `offset` until it returns `more` or `broken`. */
	next(chunk: Buffer, from: number): ReplyStop {
		if (this.#remaining === 0 && !this.wantsText && this.#readWhole(chunk, from)) return 'end';
		let at = from;
		const {length} = chunk;
		while (at < length) {
			switch (this.#state) {
				case 'type': {
					const byte = chunk[at++] ?? 0;
					const kind = kinds[byte];
					if (kind === undefined) return this.#stop(at, 'broken');
					this.#beginElement(byte);
					this.#state = kind === 'line' || kind === 'null' ? 'line' : 'number';
					break;
				}
				case 'line': {
					const newline = chunk.indexOf(lf, at);
					const end = newline === -1 ? length : newline;
					if (this.#isTextOpen) this.#readText(chunk, at, end);
					if (newline === -1) return this.#stop(length, 'more');
					at = newline + 1;
					if (this.#isTextOpen) this.#endText();
					if (this.#endElement()) return this.#stop(at, 'end');
					break;
				}
				case 'number': {
					const byte = chunk[at++] ?? 0;
					if (byte >= zero && byte <= nine) {
						this.#number = this.#number * 10 + byte - zero;
					} else if (byte === minus) {
						this.#isNegative = true;
					} else if (byte === lf) {
						if (this.#isUnreadable) return this.#stop(at, 'broken');
						if (this.#endNumber()) return this.#stop(at, 'end');
					} else if (byte !== cr && byte !== plus) {
						this.#isUnreadable = true;
					}
					break;
				}
				case 'body': {
					const taken = Math.min(this.#left, length - at);
					if (this.#isTextOpen) this.#readText(chunk, at, at + Math.min(taken, this.#left - 2));
					at += taken;
					this.#left -= taken;
					if (this.#left > 0) break;
					if (this.#isTextOpen) this.#endText();
					if (this.#endElement()) return this.#stop(at, 'end');
					break;
				}
			}
		}
		return this.#stop(at, 'more');
	}

	/**
	 * The usual case, for speed: a status, an integer or a bulk string is in the chunk as a whole. Returns false for
	 * anything else, which has to be read step by step.
	 */
	#readWhole(chunk: Buffer, from: number): boolean {
		const type = chunk[from];
		if (type === plus) {
			const newline = chunk.indexOf(lf, from);
			return newline !== -1 && this.#endWhole(type, 0, newline + 1);
		}
		if (type !== bulk && type !== integer) return false;
		let at = from + 1;
		let byte = chunk[at] ?? 0;
		const isNegative = byte === minus;
		if (isNegative) byte = chunk[++at] ?? 0;
		const start = at;
		let value = 0;
		while (byte >= zero && byte <= nine) {
			value = value * 10 + byte - zero;
			byte = chunk[++at] ?? 0;
		}
		if (byte !== cr || at === start || at - start > maxDigits || at + 2 > chunk.length) return false;
		if (isNegative) value = -value;
		const end = at + 2 + (type === bulk && value >= 0 ? value + 2 : 0);
		if (end > chunk.length) return false;
		if (type === integer) this.lastNumber = value;
		return this.#endWhole(type, value, end);
	}

	#endWhole(type: number, size: number, end: number): true {
		if (type !== integer) this.lastNumber = 0;
		this.type = type;
		this.text = '';
		this.size = size;
		this.offset = end;
		return true;
	}

	#beginElement(byte: number): void {
		// The element after an attribute is the reply itself.
		this.#isOutermost = this.#remaining === 0 || (this.type === attribute && this.#remaining === 1);
		if (this.#isOutermost) {
			this.#remaining = 1;
			this.type = byte;
			this.text = '';
			this.lastNumber = 0;
			this.size = kinds[byte] === 'null' ? -1 : 0;
			this.#depth = 0;
			this.#nextOfReply = -1;
		}
		this.#elementType = byte;
		this.#number = 0;
		this.#isNegative = false;
		this.#isUnreadable = false;
		this.#isTextOpen = this.#isOutermost
			? this.isError || (this.wantsText && byte === plus)
			: this.wantsText && this.text === '' && kinds[byte] === 'bulk' && !this.isError;
		if (this.watcher !== undefined && !this.#isOutermost) this.#beginWatched(byte, this.watcher);
	}

	/**
	 * Finds the depth of an element by the number of elements that remain. The last element of an aggregate begins with
	 * as many remaining as its first one, less those in between: nothing below it ever begins with so few.
	 */
	#beginWatched(byte: number, watcher: ElementWatcher): void {
		const isAttribute = byte === attribute;
		if (this.#remaining === this.#nextOfReply) {
			this.#depth = 1;
			this.#nextOfElement = -1;
			if (!isAttribute) this.#nextOfReply--;
		} else if (this.#remaining === this.#nextOfElement) {
			this.#depth = 2;
			if (!isAttribute) this.#nextOfElement--;
		} else {
			this.#depth = 3;
		}
		if (isAttribute || this.#depth === 3) return;
		const kind = kinds[byte];
		if (kind === 'line' || kind === 'null') watcher.element(this.#depth, byte, kind === 'null' ? -1 : 0);
		if (this.#depth === 1 && isErrorType(byte)) {
			this.text = '';
			this.#isTextOpen = true;
		}
	}

	/** A length, a count or an integer has been read to its end. Returns true when that ends the reply. */
	#endNumber(): boolean {
		const value = this.#isNegative ? -this.#number : this.#number;
		const kind = kinds[this.#elementType];
		if (this.#isOutermost) this.size = value;
		else if (this.watcher !== undefined && kind !== 'attribute' && (this.#depth === 1 || this.#depth === 2))
			this.watcher.element(this.#depth, this.#elementType, value);
		if (kind === 'integer') {
			this.lastNumber = value;
			return this.#endElement();
		}
		if (value < 0) return this.#endElement();
		if (kind === 'bulk') {
			this.#left = value + 2;
			this.#state = 'body';
			return false;
		}
		this.#remaining += kind === 'aggregate' ? value : 2 * value;
		if (kind !== 'attribute') {
			const isOver = this.#endElement();
			if (this.#isOutermost) this.#nextOfReply = this.#remaining;
			else if (this.#depth === 1) this.#nextOfElement = this.#remaining;
			return isOver;
		}
		// An attribute precedes an element and is none itself.
		this.#state = 'type';
		return false;
	}

	#endElement(): boolean {
		this.#state = 'type';
		this.#isTextOpen = false;
		this.#remaining--;
		return this.#remaining === 0;
	}

	#endText(): void {
		this.text = this.text.trimEnd();
		if (!this.#isOutermost && this.#depth === 1 && this.watcher !== undefined && isErrorType(this.#elementType))
			this.watcher.error(this.text);
	}

	#readText(chunk: Buffer, from: number, to: number): void {
		const end = Math.min(to, from + maxTextLength - this.text.length);
		if (end > from) this.text += chunk.toString('latin1', from, end);
	}

	#stop(offset: number, result: ReplyStop): ReplyStop {
		this.offset = offset;
		return result;
	}
}

function isErrorType(byte: number): boolean {
	return byte === simpleError || byte === bulkError;
}

type Kind = 'line' | 'null' | 'integer' | 'bulk' | 'aggregate' | 'map' | 'attribute';

/** The kind of content after each type byte. */
const kinds: readonly (Kind | undefined)[] = table({
	'+': 'line',
	'-': 'line',
	'#': 'line',
	',': 'line',
	'(': 'line',
	_: 'null',
	':': 'integer',
	$: 'bulk',
	'=': 'bulk',
	'!': 'bulk',
	'*': 'aggregate',
	'~': 'aggregate',
	'>': 'aggregate',
	'%': 'map',
	'|': 'attribute',
});

/** An array lookup by byte is several times as fast as a Map, and this one happens for each element of each reply. */
function table(entries: Readonly<Record<string, Kind>>): (Kind | undefined)[] {
	const result = new Array<Kind | undefined>(256).fill(undefined);
	for (const [character, kind] of Object.entries(entries)) result[character.charCodeAt(0)] = kind;
	return result;
}
