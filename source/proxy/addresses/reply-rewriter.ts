import type {AddressedReply} from './addressed-replies.js';
import {rewriteReply, type Telling} from './rewrite-reply.js';

/** Most bytes of a reply that are held until it is complete. Longer replies are forwarded unchanged. */
export const maxReplyBytes = 4 * 1024 * 1024;

/** The same for an error, and for a message that may be from a Sentinel: those that name servers are shorter. */
const maxErrorBytes = 512;
const maxMessageBytes = 4096;

/** Most chunks of a reply that are held: a chunk of a single byte takes many times that much memory. */
const maxPieces = 16_384;

/** The beginnings of errors that name a server, after their type bytes. */
const isRedirection = /^(?:-|!\d+\r\n)(?:MOVED|ASK|REDIRECT) /;

const longestBeginning = 24;

/** Number of lines before the channel in a message for a pattern: `*4`, `$8`, `pmessage`, `$1`, `*`, `$6`. */
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
 * Rewrites the addresses in replies of one connection. It examines either a whole reply, or each error, which may be a reply or
 * a part of one. Only a part that is split between chunks is held.
 */
export class ReplyRewriter {
	readonly #options: ReplyRewriterOptions;
	#what: AddressedReply | 'message' | undefined;
	/** Copies: chunks are overwritten. */
	#held: Buffer[] = [];
	#heldBytes = 0;
	/** True once the examined part has proved too long. */
	#isPassing = false;
	#hasToldLong = false;

	constructor(options: ReplyRewriterOptions) {
		this.#options = options;
	}

	/** True if a whole reply is examined; otherwise only the errors in it. */
	get isWhole(): boolean {
		return this.#what !== undefined;
	}

	/** A reply begins. @param what Undefined if only its errors can name servers. */
	begin(what: AddressedReply | 'message' | undefined): void {
		this.#what = what;
		this.#isPassing = false;
	}

	/** Ends the examined part. Returns the bytes to send instead, including held ones; undefined if it is not changed. */
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

	/** The chunk ends before the examined part. Returns the bytes to forward now: none, unless the part has proved too long. */
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

	/** Returns the held bytes, and drops them. */
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
