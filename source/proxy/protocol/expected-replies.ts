import type {AddressedReply} from '../addresses/addressed-replies.js';

/** A reply that is due to the client, or several of one kind, in the order of its requests. */
export type ExpectedReply =
	/** One reply of the server, passed on unchanged. */
	| {readonly type: 'server'}
	/** One reply of the server, passed on with other addresses. */
	| {readonly type: 'addressed'; readonly reply: AddressedReply}
	/** A reply to a command that the server never saw. */
	| {readonly type: 'injected'; readonly bytes: Buffer}
	/** The server's reply is dropped, and this one takes its place. */
	| {readonly type: 'replaced'; readonly bytes: Buffer}
	/**
	 * `count` confirmations of a (un)subscribe command, or one error. `all`: until no subscription of its kind is left.
	 */
	| {readonly type: 'confirmations'; readonly command: string; count: number | 'all'}
	/** Replies cannot be parsed from here on: all bytes are forwarded. */
	| {readonly type: 'opaque'};

/** All replies except plain ones of the server. */
export type UnusualReply = Exclude<ExpectedReply, {readonly type: 'server'}>;

const serverReply: ExpectedReply = {type: 'server'};

/** Number of delivered items after which they are removed from the array. */
const maxUsed = 64;

/** Replies that a connection still has to deliver, first in, first out. Plain ones are a number: most connections have no others. */
export class ExpectedReplies {
	/** Replies of the server that are due before the first one of the queue. */
	#plain = 0;
	/** The others, each with the replies of the server that are due after it. */
	#queue: {readonly reply: UnusualReply; plainAfter: number}[] = [];
	/** Index of the first one: cheaper than shifting the array for each reply. */
	#first = 0;

	get front(): ExpectedReply | undefined {
		return this.#plain > 0 ? serverReply : this.#queue[this.#first]?.reply;
	}

	/** Number of replies that take memory: all except plain ones. */
	get unusual(): number {
		return this.#queue.length - this.#first;
	}

	push(reply: UnusualReply): void {
		this.#queue.push({reply, plainAfter: 0});
	}

	/** Expects one plain reply of the server. */
	pushServerReply(): void {
		const last = this.#queue.at(-1);
		if (last === undefined) this.#plain++;
		else last.plainAfter++;
	}

	/** One reply of the front has been delivered. */
	deliver(): void {
		if (this.#plain > 0) {
			this.#plain--;
			return;
		}
		const reply = this.#queue[this.#first]?.reply;
		if (reply?.type === 'confirmations' && reply.count !== 'all' && --reply.count > 0) return;
		this.dropFront();
	}

	/** Removes the front, or all of the plain replies that are the front. */
	dropFront(): void {
		if (this.#plain > 0) {
			this.#plain = 0;
			return;
		}
		const dropped = this.#queue[this.#first];
		if (dropped === undefined) return;
		this.#plain = dropped.plainAfter;
		this.#first++;
		if (this.#first < maxUsed && this.#first < this.#queue.length) return;
		this.#queue = this.#queue.slice(this.#first);
		this.#first = 0;
	}
}
