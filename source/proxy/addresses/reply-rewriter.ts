import type {AddressedReply} from './addressed-replies.js';
import {rewriteReply, type Telling} from './rewrite-reply.js';

/** Bytes that are held of a reply until it is whole. Longer ones are passed on as they are. */
export const maxReplyBytes = 4 * 1024 * 1024;

/** The same of an error, and of a message that may be one of a Sentinel: neither that names servers is longer. */
const maxErrorBytes = 512;
const maxMessageBytes = 4096;

/** Pieces of a reply that are held: single bytes take many times the memory that they are. */
const maxPieces = 16_384;

/** The beginnings of errors that name a server, after their type bytes. */
const isRedirection = /^(?:-|!\d+\r\n)(?:MOVED|ASK|REDIRECT) /;

const longestBeginning = 24;

/** In a message of a pattern: `*4`, `$8`, `pmessage`, `$1`, `*`, `$6`. */
const linesBeforeChannel = 6;

const lf = 10;
const plus = 43;
const minus = 45;

type Examined = AddressedReply | 'message' | 'error';

export type ReplyRewriterOptions = Telling & {
	/** A reply that names servers was too long. Called once. */
	readonly onLong: () => void;
};

/**
 * Rewrites the addresses in replies of one connection. What is examined is a whole reply, or an error that is a reply or
 * part of one. Only what was cut by the end of a chunk is kept.
 */
export class ReplyRewriter {
	readonly #options: ReplyRewriterOptions;
	#what: AddressedReply | 'message' | undefined;
	/** Copies: chunks are overwritten. */
	#held: Buffer[] = [];
	#heldBytes = 0;
	/** True once what is examined has proved too long. */
	#isPassing = false;
	#hasToldLong = false;

	constructor(options: ReplyRewriterOptions) {
		this.#options = options;
	}

	/** True if a whole reply is examined; else the errors in it are. */
	get isWhole(): boolean {
		return this.#what !== undefined;
	}

	/** A reply begins. @param what Undefined: it names servers in its errors only. */
	begin(what: AddressedReply | 'message' | undefined): void {
		this.#what = what;
		this.#isPassing = false;
	}

	/**
	 * Ends the part that is examined. Returns the bytes to be sent in its place, held ones included; undefined if it stays
	 * as it is.
	 */
	end(chunk: Buffer, from: number, to: number): Buffer | undefined {
		if (this.#isPassing) {
			this.#isPassing = false;
			return undefined;
		}
		const what = this.#what ?? 'error';
		if (what === 'message' && this.#held.length === 0 && !mayBeEvent(chunk, from, to)) return undefined;
		const rest = chunk.subarray(from, to);
		const isTooLong = this.#heldBytes + rest.length > limitOf(what);
		if (isTooLong) this.#tellLong(what);
		const held = this.release();
		const whole = held.length > 0 ? Buffer.concat([...held, rest]) : rest;
		const rewritten = isTooLong || !mayNameServers(what, whole) ? undefined : rewriteReply(whole, what, this.#options);
		return rewritten ?? (held.length > 0 ? whole : undefined);
	}

	/**
	 * The chunk ends before what is examined does. Returns the bytes to be passed on now: none, unless it has proved too
	 * long.
	 */
	hold(chunk: Buffer, from: number): readonly Buffer[] {
		const rest = chunk.subarray(from);
		if (this.#isPassing) return [rest];
		const what = this.#what ?? 'error';
		if (this.#heldBytes + rest.length <= limitOf(what) && this.#held.length < maxPieces) {
			this.#held.push(Buffer.from(rest));
			this.#heldBytes += rest.length;
			return [];
		}
		this.#isPassing = true;
		this.#tellLong(what);
		return [...this.release(), rest];
	}

	/** Returns the bytes that are held, and forgets them. */
	release(): readonly Buffer[] {
		const held = this.#held;
		this.#held = [];
		this.#heldBytes = 0;
		return held;
	}

	#tellLong(what: Examined): void {
		if (this.#hasToldLong || what === 'error' || what === 'message') return;
		this.#hasToldLong = true;
		this.#options.onLong();
	}
}

function limitOf(what: Examined): number {
	if (what === 'error') return maxErrorBytes;
	return what === 'message' ? maxMessageBytes : maxReplyBytes;
}

/** False for most errors. */
function mayNameServers(what: Examined, bytes: Buffer): boolean {
	return what !== 'error' || isRedirection.test(bytes.toString('latin1', 0, longestBeginning));
}

/** False for most messages: the channels of Sentinels begin with a sign. */
function mayBeEvent(chunk: Buffer, from: number, to: number): boolean {
	if (to - from > maxMessageBytes) return false;
	let lines = 0;
	for (let at = from; at < to && lines < linesBeforeChannel; at++) {
		if (chunk[at] !== lf) continue;
		if (chunk[at + 1] === plus || chunk[at + 1] === minus) return true;
		lines++;
	}
	return false;
}
