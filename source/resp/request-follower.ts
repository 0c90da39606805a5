import {RequestTokenizer} from './request-tokenizer.js';
import {splitInline} from './split-inline.js';
import {wholeRequest} from './whole-request.js';

/**
 * The reason why the follower stopped:
 *
 * - `head`: the command of the request and the relevant arguments (its *head*) are known, so that the caller can decide about
 *   its bytes
 * - `end`: the request is complete
 * - `more`: the chunk is used up
 * - `broken`: the bytes are not the Redis protocol, or the head is too long
 *
 * An empty request (`*0`, an empty line) has an `end` without a `head`.
 */
type RequestStop = 'head' | 'end' | 'more' | 'broken';

export type RequestFollowerOptions = {
	/** Bytes that are kept of the command and of each argument of its head. */
	readonly maxArgumentBytes: number;
	/**
	 * Returns the number of arguments that belong to the head of a command. Default: 0, so that the head is only the name.
	 */
	readonly headArguments?: (command: string) => number;
	/**
	 * Like `headArguments`, for further arguments that the head includes only if they are short enough.
	 */
	readonly optionalArguments?: (command: string) => number;
};

/**
 * Maximum length of a head in bytes, since the bytes of a request may be held back until its head is known.
 */
const maxHeadBytes = 64 * 1024;

const cr = 13;
const lf = 10;
const tab = 9;

const noArgs: readonly string[] = [];

/**
 * Finds where each request of a stream begins and ends, with its command and the first bytes of some arguments. Chunks may end
 * anywhere. All other bytes are skipped, so that the time and memory needed do not depend on the size of values.
 */
export class RequestFollower {
	/** The command in upper case. Valid from `head` to `end`. */
	command = '';
	/** The beginning of each argument of its head, one character for each byte. Valid from `head` to `end`. */
	args: readonly string[] = [];
	/** Number of arguments, including the command. */
	argc = 0;
	/** Offset in the chunk at which the next call continues. */
	offset = 0;

	readonly #tokenizer = new RequestTokenizer();
	readonly #options: RequestFollowerOptions;
	#args: string[] = [];
	#prefix = '';
	/** Index of the last argument of the head. */
	#lastOfHead = 0;
	/** Index of the last required argument of the head. */
	#lastRequired = 0;
	#isHeadKnown = false;
	/** The name of the last command as it was sent, with the number of arguments of its head, as a cache. */
	#sentName = '';
	#sentCommand = '';
	#sentHead = 0;

	constructor(options: RequestFollowerOptions) {
		this.#options = options;
	}

	/** True between two requests. */
	get atBoundary(): boolean {
		return this.#tokenizer.atBoundary && !this.#isHeadKnown;
	}

	/**
	 * Reads a complete request at once. Call it between two requests. Returns false if the request is not completely in the
	 * chunk, or has an unusual form: `next` must then read it.
	 */
	readWhole(chunk: Buffer, offset: number): boolean {
		const {from, to} = wholeRequest;
		if (!wholeRequest.read(chunk, offset)) return false;
		if (!isSame(this.#sentName, chunk, from[0] ?? 0, to[0] ?? 0)) this.#readName(chunk, from[0] ?? 0, to[0] ?? 0);
		const {argc, end} = wholeRequest;
		const last = Math.min(this.#sentHead, argc - 1);
		if (last > 0 && (to[last] ?? 0) - offset > maxHeadBytes) return false;
		this.command = this.#sentCommand;
		this.argc = argc;
		this.args = last > 0 ? this.#headOf(chunk, last) : noArgs;
		this.offset = end;
		return true;
	}

	/** Continues at an offset of a chunk. Call it again with `offset` until it returns `more` or `broken`. */
	next(chunk: Buffer, from: number): RequestStop {
		const tokenizer = this.#tokenizer;
		if (tokenizer.atBoundary) {
			if (this.#isHeadKnown) return this.#end(from);
			if (from < chunk.length && !mayBegin(chunk[from] ?? 0)) return 'broken';
		}
		let at = from;
		for (;;) {
			const token = tokenizer.next(chunk, at);
			at = tokenizer.offset;
			switch (token) {
				case 'part':
				case 'argument':
					if (!this.#isHeadKnown && tokenizer.length > maxHeadBytes) return this.#endHeadBefore(tokenizer.index, at);
					this.#take(chunk, token === 'argument');
					if (token === 'part') break;
					if (!this.#isHeadKnown && tokenizer.index >= this.#lastOfHead) {
						this.#isHeadKnown = true;
						return this.#stop(at, 'head');
					}
					if (tokenizer.atBoundary) return this.#end(at);
					break;
				case 'inline': {
					const words = splitInline(tokenizer.line);
					if (words === undefined) return this.#stop(at, 'broken');
					if (words.length === 0) return this.#end(at);
					this.#takeInline(words);
					this.#isHeadKnown = true;
					return this.#stop(at, 'head');
				}
				case 'empty':
					return this.#end(at);
				case 'more':
				case 'broken':
					return this.#stop(at, token);
			}
		}
	}

	#readName(chunk: Buffer, from: number, to: number): void {
		const {maxArgumentBytes, headArguments, optionalArguments} = this.#options;
		this.#sentName = chunk.toString('latin1', from, Math.min(to, from + maxArgumentBytes));
		this.#sentCommand = this.#sentName.toUpperCase();
		this.#sentHead = Math.max(headArguments?.(this.#sentCommand) ?? 0, optionalArguments?.(this.#sentCommand) ?? 0);
	}

	#headOf(chunk: Buffer, last: number): readonly string[] {
		const args: string[] = [];
		for (let index = 1; index <= last; index++) {
			const from = wholeRequest.from[index] ?? 0;
			const to = Math.min(wholeRequest.to[index] ?? 0, from + this.#options.maxArgumentBytes);
			args.push(chunk.toString('latin1', from, to));
		}
		return args;
	}

	/** Ends the head before an argument that is too long for it. */
	#endHeadBefore(index: number, offset: number): RequestStop {
		if (index <= this.#lastRequired) return this.#stop(offset, 'broken');
		this.#lastOfHead = index - 1;
		this.#isHeadKnown = true;
		return this.#stop(offset, 'head');
	}

	#take(chunk: Buffer, isComplete: boolean): void {
		const {index, from, to, argc} = this.#tokenizer;
		if (index > 0 && index > this.#lastOfHead) return;
		const end = Math.min(to, from + this.#options.maxArgumentBytes - this.#prefix.length);
		if (end > from) this.#prefix += chunk.toString('latin1', from, end);
		if (!isComplete) return;
		if (index === 0) this.#begin(this.#prefix, argc);
		else this.#args.push(this.#prefix);
		this.#prefix = '';
	}

	#takeInline([name = '', ...words]: readonly string[]): void {
		this.#begin(name, words.length + 1);
		this.#args = words.slice(0, this.#lastOfHead);
		this.args = this.#args;
	}

	#begin(name: string, argc: number): void {
		this.command = name.toUpperCase();
		this.#args = [];
		this.args = this.#args;
		this.argc = argc;
		const {headArguments, optionalArguments} = this.#options;
		this.#lastRequired = Math.min(headArguments?.(this.command) ?? 0, argc - 1);
		this.#lastOfHead = Math.max(this.#lastRequired, Math.min(optionalArguments?.(this.command) ?? 0, argc - 1));
	}

	#end(offset: number): RequestStop {
		if (!this.#isHeadKnown) this.#begin('', 0);
		this.#isHeadKnown = false;
		return this.#stop(offset, 'end');
	}

	#stop(offset: number, result: RequestStop): RequestStop {
		this.offset = offset;
		return result;
	}
}

/**
 * False for a byte that no inline command begins with, as the first byte of a TLS handshake. Without this check, a handshake
 * could be taken for an inline command, since it contains a line feed somewhere.
 */
export function mayBegin(byte: number): boolean {
	return (byte >= 32 && byte < 127) || byte === cr || byte === lf || byte === tab;
}

/** True if a latin1 text equals the bytes from `from` to `end` of a chunk. */
function isSame(text: string, chunk: Buffer, from: number, end: number): boolean {
	const {length} = text;
	if (length !== end - from) return false;
	for (let index = 0; index < length; index++) if (text.charCodeAt(index) !== chunk[from + index]) return false;
	return true;
}
