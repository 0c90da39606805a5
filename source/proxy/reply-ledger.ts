/** What is due to the client next, in the order of its requests. */
export type Due =
	/** So many replies of the server, passed on as they are. */
	| {readonly type: 'real'; count: number}
	/** A reply that the server does not know of. */
	| {readonly type: 'injected'; readonly bytes: Buffer}
	/** The server's reply is dropped and this one given instead. */
	| {readonly type: 'replaced'; readonly bytes: Buffer}
	/** So many confirmations of a subscription, or one error. `all`: until none of its kind is left. */
	| {readonly type: 'confirmations'; readonly command: string; count: number | 'all'}
	/** From here on replies cannot be followed: all bytes are passed on. */
	| {readonly type: 'raw'};

/** The replies that a connection owes, first in, first out. Runs of real ones take one place. */
export class ReplyLedger {
	#queue: Due[] = [];
	#first = 0;

	get front(): Due | undefined {
		return this.#queue[this.#first];
	}

	get length(): number {
		return this.#queue.length - this.#first;
	}

	real(): void {
		const last = this.#queue[this.#queue.length - 1];
		if (last !== undefined && last.type === 'real' && this.length > 0) last.count++;
		else this.#queue.push({type: 'real', count: 1});
	}

	push(due: Due): void {
		this.#queue.push(due);
	}

	/** One reply of the front has been given. */
	settle(): void {
		const front = this.front;
		if (front === undefined) return;
		if ((front.type === 'real' || front.type === 'confirmations') && front.count !== 'all' && --front.count > 0) return;
		this.drop();
	}

	/** The front is over, however many replies it still owes. */
	drop(): void {
		this.#first++;
		if (this.#first < 64 && this.#first < this.#queue.length) return;
		this.#queue.splice(0, this.#first);
		this.#first = 0;
	}
}
