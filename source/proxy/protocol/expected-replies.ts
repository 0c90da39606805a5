/** A reply that the client is due, or several of one kind, in the order of its requests. */
export type ExpectedReply =
	/** `count` replies of the server, passed on unchanged. */
	| {readonly type: 'server'; count: number}
	/** A reply to a command that the server never saw. */
	| {readonly type: 'injected'; readonly bytes: Buffer}
	/** The server's reply is dropped, and this one takes its place. */
	| {readonly type: 'replaced'; readonly bytes: Buffer}
	/**
	 * `count` confirmations of a (un)subscribe command, or one error. `all`: until no subscription of its kind is left.
	 */
	| {readonly type: 'confirmations'; readonly command: string; count: number | 'all'}
	/** Replies cannot be followed from here on: every byte is passed on. */
	| {readonly type: 'opaque'};

/**
 * The replies that a connection still has to deliver, first in, first out. A run of plain server replies takes one
 * place.
 */
export class ExpectedReplies {
	#queue: ExpectedReply[] = [];
	/** Index of the front: cheaper than shifting the array for each reply. */
	#first = 0;

	get front(): ExpectedReply | undefined {
		return this.#queue[this.#first];
	}

	get length(): number {
		return this.#queue.length - this.#first;
	}

	push(reply: ExpectedReply): void {
		this.#queue.push(reply);
	}

	/** Expects one plain reply of the server. */
	pushServerReply(): void {
		const last = this.#queue[this.#queue.length - 1];
		if (last?.type === 'server' && this.length > 0) last.count++;
		else this.#queue.push({type: 'server', count: 1});
	}

	/** One reply of the front has been delivered. */
	deliver(): void {
		const {front} = this;
		if (front === undefined) return;
		if ((front.type === 'server' || front.type === 'confirmations') && front.count !== 'all' && --front.count > 0)
			return;
		this.dropFront();
	}

	/** Removes the front, however many replies it still expects. */
	dropFront(): void {
		this.#first++;
		if (this.#first < 64 && this.#first < this.#queue.length) return;
		this.#queue.splice(0, this.#first);
		this.#first = 0;
	}
}
