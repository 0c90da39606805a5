/**
 * The reason why the tokenizer stopped:
 *
 * - `part`: bytes `from` to `to` of the chunk belong to argument `index`; the rest of it follows in later chunks
 * - `argument`: bytes `from` to `to` complete argument `index`
 * - `inline`: a line without RESP framing is complete, in `line`
 * - `empty`: an array of no arguments (`*0`, `*-1`), which Redis ignores
 * - `more`: the chunk is used up
 * - `broken`: the bytes are not a RESP request, see `problem`; nothing after them can be parsed
 */
type RequestToken = 'part' | 'argument' | 'inline' | 'empty' | 'more' | 'broken';

/** The reason why a stream of requests cannot be parsed. */
export type RequestProblem =
	| 'endless count'
	| 'invalid count'
	| 'missing dollar'
	| 'endless length'
	| 'invalid length'
	| 'endless inline'
	| 'open quote';

/** The limit of Redis for the length of an inline command, and of the line of a count or a length. */
const maxLineBytes = 64 * 1024;

/** More digits than a valid number has, but few enough for an exact number. */
const maxDigits = 15;
const maxArguments = 2 ** 31 - 1;

const nul = 0;
const cr = 13;
const lf = 10;
const minus = 45;
const zero = 48;
const nine = 57;
const star = 42;
const dollar = 36;

type State = 'start' | 'count' | 'dollar' | 'length' | 'body' | 'inline';

/**
 * Splits a stream of requests (arrays of bulk strings, and inline commands) into arguments. Chunks may end anywhere.
 *
 * It copies nothing but an incomplete inline command, so a bulk string of any size takes no memory. All parsing of requests is
 * based on it: `RequestParser` collects whole arguments, `RequestFollower` only boundaries and prefixes.
 */
export class RequestTokenizer {
	/** Offset in the chunk at which the next call continues. */
	offset = 0;
	/** Number of arguments of the request, including the command itself. */
	argc = 0;
	/** Index of the argument of the latest `part` or `argument`, from 0. */
	index = 0;
	/** Total length of that argument in bytes. */
	length = 0;
	/** Position of its bytes in the current chunk. */
	from = 0;
	to = 0;
	/** The line of `inline`, one character per byte, without its line end. */
	line = '';
	/** The problem after `broken`. */
	problem: RequestProblem | undefined;
	/** The byte in place of a missing `$`. */
	unexpected = 0;

	#state: State = 'start';
	#number = 0;
	#digits = 0;
	#isNegative = false;
	/** True if the carriage return after a number has been read, and its line feed has not. */
	#lineFeedDue = false;
	/** Remaining bytes of the argument, including its line end. */
	#left = 0;
	#inline = '';
	/** True if the inline command contains a NUL. Redis searches its end with `strchr`, and so never finds it. */
	#isEndless = false;

	constructor(private readonly maxArgumentBytes: number = Number.MAX_SAFE_INTEGER) {}

	/** True between two requests. */
	get atBoundary(): boolean {
		return this.#state === 'start';
	}

	/** Continues at an offset of a chunk, up to the next token. Call it again with `offset` until it returns `more`. */
	next(chunk: Buffer, offset: number): RequestToken {
		let at = offset;
		while (at < chunk.length) {
			switch (this.#state) {
				case 'start':
					this.#clearNumber();
					if (chunk[at] === star) {
						at++;
						this.#state = 'count';
					} else {
						this.#inline = '';
						this.#isEndless = false;
						this.#state = 'inline';
					}
					break;
				case 'count':
					at = this.#readNumber(chunk, at);
					if (this.problem !== undefined) return this.#stop(at, 'broken');
					if (this.atBoundary) return this.#stop(at, 'empty');
					break;
				case 'dollar':
					this.unexpected = chunk[at] ?? 0;
					if (this.unexpected !== dollar) return this.#break(at, 'missing dollar');
					this.#state = 'length';
					at = this.#readNumber(chunk, at + 1);
					if (this.problem !== undefined) return this.#stop(at, 'broken');
					break;
				case 'length':
					at = this.#readNumber(chunk, at);
					if (this.problem !== undefined) return this.#stop(at, 'broken');
					break;
				case 'body': {
					const left = this.#left;
					const available = chunk.length - at;
					this.from = at;
					if (available < left) {
						this.to = at + Math.max(0, Math.min(available, left - 2));
						this.#left = left - available;
						return this.#stop(chunk.length, 'part');
					}
					this.to = left > 2 ? at + left - 2 : at;
					this.#state = this.index + 1 === this.argc ? 'start' : 'dollar';
					return this.#stop(at + left, 'argument');
				}
				case 'inline':
					return this.#readInline(chunk, at);
			}
		}
		return this.#stop(at, 'more');
	}

	/** Reads a part of a count or a length. When its line is complete, the state changes to that of the following content. */
	#readNumber(chunk: Buffer, offset: number): number {
		if (this.#digits === 0 && !this.#isNegative) {
			const end = this.#readWholeNumber(chunk, offset);
			if (end > offset) return end;
		}
		let at = offset;
		while (at < chunk.length) {
			const byte = chunk[at++] ?? 0;
			if (this.#lineFeedDue) {
				this.#endNumber(this.#isNegative ? -this.#number : this.#number, this.#digits);
				return at;
			}
			if (byte >= zero && byte <= nine) {
				// As in Redis, leading zeros are an error, and a long line is an error only when it exceeds the limit of a line.
				if (this.#number === 0 && this.#digits > 0) this.#fail();
				this.#number = this.#number * 10 + byte - zero;
				this.#digits++;
				if (this.#digits > maxLineBytes) this.problem = this.#state === 'count' ? 'endless count' : 'endless length';
			} else if (byte === cr) {
				this.#lineFeedDue = true;
			} else if (byte === minus && this.#digits === 0 && !this.#isNegative) {
				this.#isNegative = true;
			} else {
				this.#fail();
			}
			if (this.problem !== undefined) return at;
		}
		return at;
	}

	/**
	 * The fast path for a line that is completely in the chunk. Returns the offset after it, or `offset` in all other cases.
	 */
	#readWholeNumber(chunk: Buffer, offset: number): number {
		let value = 0;
		let at = offset;
		let digit = (chunk[at] ?? 0) - zero;
		while (digit >= 0 && digit <= 9) {
			value = value * 10 + digit;
			at++;
			digit = (chunk[at] ?? 0) - zero;
		}
		const digits = at - offset;
		const isPlain = digits > 0 && digits <= maxDigits && (digits === 1 || chunk[offset] !== zero);
		if (!isPlain || chunk[at] !== cr || at + 1 >= chunk.length) return offset;
		this.#endNumber(value, digits);
		return at + 2;
	}

	#endNumber(value: number, digits: number): void {
		const isReadable = digits > 0 && digits <= maxDigits && !Object.is(value, -0);
		this.#clearNumber();
		if (this.#state === 'count') {
			if (!isReadable || value > maxArguments) {
				this.problem = 'invalid count';
				return;
			}
			this.argc = Math.max(0, value);
			this.index = -1;
			this.#state = value <= 0 ? 'start' : 'dollar';
			return;
		}
		if (!isReadable || value < 0 || value > this.maxArgumentBytes) {
			this.problem = 'invalid length';
			return;
		}
		this.index++;
		this.length = value;
		this.#left = value + 2;
		this.#state = 'body';
	}

	#readInline(chunk: Buffer, offset: number): RequestToken {
		const newline = this.#findLineEnd(chunk, offset);
		const end = newline === -1 ? chunk.length : newline;
		if (this.#inline.length + end - offset > maxLineBytes) return this.#break(offset, 'endless inline');
		this.#inline += chunk.toString('latin1', offset, end);
		if (newline === -1) return this.#stop(end, 'more');
		this.line = this.#inline.endsWith('\r') ? this.#inline.slice(0, -1) : this.#inline;
		this.#inline = '';
		this.#state = 'start';
		return this.#stop(newline + 1, 'inline');
	}

	/** Returns the offset of the line feed that ends the inline line, or -1. */
	#findLineEnd(chunk: Buffer, offset: number): number {
		if (this.#isEndless) return -1;
		const newline = chunk.indexOf(lf, offset);
		this.#isEndless = chunk.subarray(offset, newline === -1 ? undefined : newline).includes(nul);
		return this.#isEndless ? -1 : newline;
	}

	#clearNumber(): void {
		this.#number = 0;
		this.#digits = 0;
		this.#isNegative = false;
		this.#lineFeedDue = false;
	}

	#fail(): void {
		this.problem = this.#state === 'count' ? 'invalid count' : 'invalid length';
	}

	#break(offset: number, problem: RequestProblem): RequestToken {
		this.problem = problem;
		return this.#stop(offset, 'broken');
	}

	#stop(offset: number, token: RequestToken): RequestToken {
		this.offset = offset;
		return token;
	}
}
