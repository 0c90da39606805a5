import {ReplyFollower} from '../../resp/reply-follower.js';
import type {AddressedReply} from '../addresses/addressed-replies.js';
import type {ReplyRewriter} from '../addresses/reply-rewriter.js';
import {ExpectedReplies, type ExpectedReply, type UnusualReply} from './expected-replies.js';
import {ReplyMode} from './reply-mode.js';
import {confirmationWords, countsAfter, kindOf, noSubscriptions, subscriberWords} from './subscriptions.js';

const push = '>'.charCodeAt(0);
const array = '*'.charCodeAt(0);

/** Most expected replies of a connection; beyond that, its requests are held back. */
const maxExpected = 65_536;

/** Offsets in a chunk at which the parser has stopped. */
type Place = {
	readonly done: number;
	readonly start: number;
	readonly at: number;
	readonly stop: 'end' | 'error';
};

type ReplyMergerOptions = {
	readonly toClient: (bytes: Buffer) => void;
	/** Called when the server does not send the Redis protocol. All bytes after the known replies are forwarded unchanged. */
	readonly onBroken: () => void;
	/** Undefined: the addresses in replies stay as they are. */
	readonly rewriter: ReplyRewriter | undefined;
};

/**
 * The reply side of a connection: forwards the server's replies, and inserts injected ones between them or in their place, each
 * in its turn.
 */
export class ReplyMerger {
	readonly #follower = new ReplyFollower();
	readonly #expected = new ExpectedReplies();
	readonly #options: ReplyMergerOptions;
	readonly #mode = new ReplyMode();
	#subscriptions = noSubscriptions;
	/** True while the reply being read is dropped. */
	#isDropping = false;
	/** True once the server has sent bytes that are not a reply. */
	#isBroken = false;

	constructor(options: ReplyMergerOptions) {
		this.#options = options;
		this.#follower.stopsAtErrors = options.rewriter !== undefined;
	}

	/** False while so many replies are expected that requests should be held back. */
	get hasRoom(): boolean {
		return this.#expected.unusual < maxExpected;
	}

	/** A command has been forwarded. `CLIENT REPLY` may mean that it gets no reply. */
	expect(reply: UnusualReply): void {
		if (this.#mode.takesReply()) this.#expected.push(reply);
	}

	/** A command has been forwarded that gets one plain reply: the usual case. */
	expectServerReply(): void {
		if (this.#mode.takesReply()) this.#expected.pushServerReply();
	}

	/** Answers a command that is not forwarded. */
	inject(bytes: Buffer): void {
		this.expect({type: 'injected', bytes});
		this.#flushInjected();
	}

	/** `CLIENT REPLY mode` has been forwarded. */
	followReplyMode(mode: string): void {
		if (this.#mode.follow(mode)) this.expectServerReply();
	}

	/** `RESET` has been forwarded. */
	reset(): void {
		this.#mode.reset();
		this.#subscriptions = noSubscriptions;
	}

	/** Forwards everything after the replies expected so far unchanged. */
	becomeOpaque(): void {
		this.#expected.push({type: 'opaque'});
	}

	/** Bytes from the server. */
	receive(chunk: Buffer): void {
		const follower = this.#follower;
		if (this.#isBroken || (this.#expected.front?.type === 'opaque' && follower.atBoundary)) {
			this.#options.toClient(chunk);
			return;
		}
		// Bytes of the chunk before `done` have been forwarded or dropped.
		let done = 0;
		let at = 0;
		/** Offset at which the current reply begins. */
		let start = 0;
		const {rewriter} = this.#options;
		while (at < chunk.length) {
			const {front} = this.#expected;
			if (follower.atBoundary) {
				start = at;
				if (front?.type === 'opaque') break;
				follower.wantsText = this.#isSubscriber || front?.type === 'confirmations';
				if (front?.type === 'replaced' && chunk[at] !== push) {
					this.#pass(chunk, done, at);
					this.#isDropping = true;
				}
				rewriter?.begin(this.#examined(chunk[at] ?? 0, front));
			}
			const stop = follower.next(chunk, at);
			at = follower.offset;
			if (stop === 'more') break;
			if (stop === 'broken') {
				this.#isBroken = true;
				this.#options.onBroken();
				while (this.#expected.front !== undefined && this.#expected.front.type !== 'opaque') this.#expected.dropFront();
				this.#isDropping = false;
				this.release();
				this.#pass(chunk, done, chunk.length);
				return;
			}
			if (rewriter !== undefined && !this.#isDropping) done = this.#rewrite(rewriter, chunk, {done, start, at, stop});
			if (stop === 'error') continue;
			if (this.#isDropping) {
				done = at;
				this.#isDropping = false;
				if (front?.type === 'replaced') this.#options.toClient(front.bytes);
				this.#expected.deliver();
			} else {
				this.#matchReply();
			}
			if (this.#expected.front?.type === 'injected') {
				this.#pass(chunk, done, at);
				done = at;
				this.#flushInjected();
			}
		}
		if (!this.#isDropping) this.#passRest(chunk, done, start);
	}

	/** Forwards the held part of an incomplete reply. */
	release(): void {
		for (const bytes of this.#options.rewriter?.release() ?? []) this.#options.toClient(bytes);
	}

	get #isSubscriber(): boolean {
		const {channels, patterns, shards} = this.#subscriptions;
		return channels + patterns + shards > 0;
	}

	/** The kind of the reply that begins, if it may name servers. */
	#examined(firstByte: number, front: ExpectedReply | undefined): AddressedReply | 'message' | undefined {
		if (front?.type === 'addressed' && firstByte !== push) return front.reply;
		return this.#isSubscriber && (firstByte === push || firstByte === array) ? 'message' : undefined;
	}

	/**
	 * A reply, or an error within one, ends: sends a rewritten one if necessary. Returns the number of bytes of the chunk that
	 * are processed.
	 */
	#rewrite(rewriter: ReplyRewriter, chunk: Buffer, {done, start, at, stop}: Place): number {
		const follower = this.#follower;
		const isOver = rewriter.isWhole ? stop === 'end' : follower.endsInError;
		if (!isOver) return done;
		const from = rewriter.isWhole ? start : follower.errorFrom;
		const bytes = rewriter.end(chunk, from, at);
		if (bytes === undefined) return done;
		this.#pass(chunk, done, from);
		this.#options.toClient(bytes);
		return at;
	}

	/** The chunk ends: forwards the bytes that need not be held. */
	#passRest(chunk: Buffer, done: number, start: number): void {
		const follower = this.#follower;
		const {rewriter, toClient} = this.#options;
		if (rewriter === undefined || follower.atBoundary || !(rewriter.isWhole || follower.isInError)) {
			this.#pass(chunk, done, chunk.length);
			return;
		}
		const from = rewriter.isWhole ? start : follower.errorFrom;
		this.#pass(chunk, done, from);
		for (const bytes of rewriter.hold(chunk, from)) toClient(bytes);
	}

	/** Matches a complete reply of the server with the expected one. Messages and invalidations are not replies. */
	#matchReply(): void {
		const {front} = this.#expected;
		const {type, text, lastNumber} = this.#follower;
		const awaitsConfirmation = front?.type === 'confirmations';
		const isOutOfBand =
			type === push || (type === array && subscriberWords.has(text) && (this.#isSubscriber || awaitsConfirmation));
		if (!isOutOfBand) {
			// An error, or QUEUED in a transaction: no confirmation will come.
			if (awaitsConfirmation) this.#expected.dropFront();
			else this.#expected.deliver();
			return;
		}
		if (!confirmationWords.has(text)) return;
		this.#subscriptions = countsAfter(this.#subscriptions, text, lastNumber);
		if (!awaitsConfirmation || text !== front.command) return;
		if (front.count !== 'all') this.#expected.deliver();
		else if (this.#subscriptions[kindOf(text)] === 0) this.#expected.dropFront();
	}

	/** Delivers injected replies whose turn has come, unless a reply of the server is partly delivered. */
	#flushInjected(): void {
		if (!this.#follower.atBoundary) return;
		for (let reply = this.#expected.front; reply?.type === 'injected'; reply = this.#expected.front) {
			this.#options.toClient(reply.bytes);
			this.#expected.deliver();
		}
	}

	#pass(chunk: Buffer, from: number, to: number): void {
		if (to > from) this.#options.toClient(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
	}
}
