import {type RequestProblem, RequestTokenizer} from './request-tokenizer.js';
import {splitInline} from './split-inline.js';

type ParsedRequest =
	/** `args[0]` is the command. Arguments have one character for each byte (latin1). */
	| {readonly kind: 'command'; readonly args: string[]}
	| {readonly kind: 'incomplete'}
	/** The stream cannot be parsed any further: send the error and close the connection. */
	| {readonly kind: 'protocol-error'; readonly error: string};

const incomplete: ParsedRequest = {kind: 'incomplete'};

/** The error messages of Redis. */
const errors: Readonly<Record<Exclude<RequestProblem, 'missing dollar'>, string>> = {
	'endless count': 'too big mbulk count string',
	'invalid count': 'invalid multibulk length',
	'endless length': 'too big bulk count string',
	'invalid length': 'invalid bulk length',
	'endless inline': 'too big inline request',
	'open quote': 'unbalanced quotes in request',
};

/** Parses a stream of requests into complete commands, as a server does. Chunks may end anywhere. */
export class RequestParser {
	readonly #tokenizer: RequestTokenizer;
	readonly #chunks: Buffer[] = [];
	/** Offset in the first chunk. */
	#offset = 0;
	/** Total bytes pushed, and total bytes of the consumed chunks. */
	#pushed = 0;
	#usedUp = 0;
	/** Bytes up to the end of the last complete command. */
	#completed = 0;
	#args: string[] = [];
	/** Beginning of an argument whose end is in a later chunk. */
	#partial = '';

	/** @param maxArgumentBytes A longer argument is a protocol error. */
	constructor(maxArgumentBytes: number) {
		this.#tokenizer = new RequestTokenizer(maxArgumentBytes);
	}

	/** Bytes received that are not part of a command returned by `next`. */
	get buffered(): number {
		return this.#pushed - this.#completed;
	}

	push(chunk: Buffer): void {
		this.#chunks.push(chunk);
		this.#pushed += chunk.length;
	}

	/** The next complete command. The total time is linear in the received bytes, however they are split. */
	next(): ParsedRequest {
		for (;;) {
			const chunk = this.#chunks[0];
			if (chunk === undefined) return incomplete;
			const request = this.#nextIn(chunk);
			if (request !== undefined) return request;
			this.#chunks.shift();
			this.#usedUp += chunk.length;
			this.#offset = 0;
			if (this.#tokenizer.atBoundary) this.#completed = this.#usedUp;
		}
	}

	/** The next complete command that ends in this chunk; `undefined` when the chunk is used up. */
	#nextIn(chunk: Buffer): ParsedRequest | undefined {
		const tokenizer = this.#tokenizer;
		for (;;) {
			const token = tokenizer.next(chunk, this.#offset);
			this.#offset = tokenizer.offset;
			switch (token) {
				case 'argument': {
					const text = chunk.toString('latin1', tokenizer.from, tokenizer.to);
					this.#args.push(this.#partial === '' ? text : this.#partial + text);
					this.#partial = '';
					if (!tokenizer.atBoundary) break;
					const args = this.#args;
					this.#args = [];
					return this.#complete(args);
				}
				case 'part':
					this.#partial += chunk.toString('latin1', tokenizer.from, tokenizer.to);
					break;
				case 'inline': {
					const args = splitInline(tokenizer.line);
					if (args === undefined) return protocolError('open quote');
					if (args.length > 0) return this.#complete(args);
					break;
				}
				case 'empty':
					break;
				case 'more':
					return undefined;
				case 'broken':
					return protocolError(tokenizer.problem, tokenizer.unexpected);
			}
		}
	}

	#complete(args: string[]): ParsedRequest {
		this.#completed = this.#usedUp + this.#offset;
		return {kind: 'command', args};
	}
}

function protocolError(problem: RequestProblem | undefined, unexpected = 0): ParsedRequest {
	const reason =
		problem === undefined || problem === 'missing dollar'
			? `expected '$', got '${String.fromCharCode(unexpected)}'`
			: errors[problem];
	return {kind: 'protocol-error', error: `ERR Protocol error: ${reason}`};
}
