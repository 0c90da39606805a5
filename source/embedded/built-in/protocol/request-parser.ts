import {maxLength} from '../values/max-length.js';
import {splitInline} from './split-inline.js';

export type ParsedRequest =
	| {readonly kind: 'command'; readonly args: string[]}
	| {readonly kind: 'incomplete'}
	/** Nothing after it can be understood: answer with it and close. */
	| {readonly kind: 'protocol-error'; readonly text: string};

const maxInline = 64 * 1024;
const maxArguments = 2 ** 31 - 1;
const cr = 13;
const lf = 10;
const star = 42;
const dollar = 36;
const minus = 45;
const zero = 48;

const incomplete: ParsedRequest = {kind: 'incomplete'};
const empty = Buffer.alloc(0);

/** Takes chunks as they come, cut anywhere, and gives commands. */
export class RequestParser {
	#buffer: Buffer = empty;
	#position = 0;
	#later: Buffer[] = [];
	#laterBytes = 0;
	/** Bytes that must be there before another look makes sense; so that a large value is put together only once. */
	#needed = 0;
	/** Arguments of the command under way; undefined between commands. */
	#args: string[] | undefined;
	#argsLeft = 0;
	#bulkLength = -1;

	/** Bytes not yet made into commands. */
	get buffered(): number {
		return this.#buffer.length - this.#position + this.#laterBytes;
	}

	push(chunk: Buffer): void {
		this.#later.push(chunk);
		this.#laterBytes += chunk.length;
	}

	next(): ParsedRequest {
		if (!this.#gather()) return incomplete;
		for (;;) {
			if (this.#args === undefined) {
				if (this.#position >= this.#buffer.length) return this.#wait(1);
				const result = this.#buffer[this.#position] === star ? this.#startCommand() : this.#inline();
				// An empty line or array is no command.
				if (result === 'again') continue;
				if (result) return result;
			}
			const result = this.#arguments();
			if (result) return result;
		}
	}

	#gather(): boolean {
		const rest = this.#buffer.length - this.#position;
		if (this.#laterBytes === 0) return rest >= this.#needed;
		if (rest + this.#laterBytes < this.#needed) return false;
		const first = this.#later[0];
		this.#buffer =
			rest === 0 && this.#later.length === 1 && first
				? first
				: Buffer.concat([this.#buffer.subarray(this.#position), ...this.#later]);
		this.#position = 0;
		this.#later = [];
		this.#laterBytes = 0;
		return true;
	}

	#wait(bytes: number): ParsedRequest {
		this.#needed = bytes;
		return incomplete;
	}

	/** `*3\r\n` */
	#startCommand(): ParsedRequest | 'again' | undefined {
		const end = this.#lineEnd();
		if (end < 0) return this.#lineMissing('too big mbulk count string');
		const count = this.#integer(this.#position + 1, end);
		if (count === undefined || count > maxArguments) return protocolError('invalid multibulk length');
		this.#position = end + 2;
		if (count <= 0) return 'again';
		this.#args = [];
		this.#argsLeft = count;
		return undefined;
	}

	#arguments(): ParsedRequest | undefined {
		const args = this.#args;
		if (args === undefined) return undefined;
		const buffer = this.#buffer;
		while (this.#argsLeft > 0) {
			if (this.#bulkLength < 0) {
				if (this.#position >= buffer.length) return this.#wait(1);
				const end = this.#lineEnd();
				if (end < 0) return this.#lineMissing('too big bulk count string');
				const sign = buffer[this.#position] ?? 0;
				if (sign !== dollar) return protocolError(`expected '$', got '${String.fromCharCode(sign)}'`);
				const length = this.#integer(this.#position + 1, end);
				if (length === undefined || length < 0 || length > maxLength) return protocolError('invalid bulk length');
				this.#position = end + 2;
				this.#bulkLength = length;
			}
			const end = this.#position + this.#bulkLength;
			if (end + 2 > buffer.length) return this.#wait(this.#bulkLength + 2);
			args.push(buffer.toString('latin1', this.#position, end));
			this.#position = end + 2;
			this.#bulkLength = -1;
			this.#argsLeft--;
		}
		this.#args = undefined;
		this.#needed = 0;
		return {kind: 'command', args};
	}

	#inline(): ParsedRequest | 'again' {
		const newline = this.#buffer.indexOf(lf, this.#position);
		if (newline < 0) {
			if (this.#buffer.length - this.#position > maxInline) return protocolError('too big inline request');
			return this.#wait(this.#buffer.length - this.#position + 1);
		}
		const end = newline > this.#position && this.#buffer[newline - 1] === cr ? newline - 1 : newline;
		const args = splitInline(this.#buffer.toString('latin1', this.#position, end));
		this.#position = newline + 1;
		this.#needed = 0;
		if (args === undefined) return protocolError('unbalanced quotes in request');
		return args.length === 0 ? 'again' : {kind: 'command', args};
	}

	/** Where the `\r` of the line is, when its `\n` is there too. */
	#lineEnd(): number {
		const buffer = this.#buffer;
		// Lines with counts are a few bytes long: a loop beats indexOf.
		const near = Math.min(buffer.length - 1, this.#position + 16);
		for (let at = this.#position; at < near; at++) if (buffer[at] === cr) return at;
		const at = buffer.indexOf(cr, Math.max(near, 0));
		return at >= 0 && at + 1 < buffer.length ? at : -1;
	}

	#lineMissing(text: string): ParsedRequest {
		const rest = this.#buffer.length - this.#position;
		return rest > maxInline ? protocolError(text) : this.#wait(rest + 1);
	}

	#integer(start: number, end: number): number | undefined {
		const buffer = this.#buffer;
		const negative = buffer[start] === minus;
		let value = 0;
		const first = negative ? start + 1 : start;
		if (first >= end || end - first > 15) return undefined;
		if (buffer[first] === zero && end - first > 1) return undefined;
		for (let at = first; at < end; at++) {
			const digit = (buffer[at] ?? 0) - zero;
			if (digit < 0 || digit > 9) return undefined;
			value = value * 10 + digit;
		}
		return negative ? -value : value;
	}
}

function protocolError(text: string): ParsedRequest {
	return {kind: 'protocol-error', text: `ERR Protocol error: ${text}`};
}
