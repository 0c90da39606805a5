/** `admission/`: reads and scripts wait in the same kind of queue until few enough are in flight. */
import {setImmediate} from '../../time/real-time.js';
import {Queue} from './queue.js';
import {QueueTimeout} from './queue-timeout.js';

/** A command that waits to be sent, or a part of one. */
export type Queued = {
	/** Number of calls. It may grow until it is sent. */
	readonly size: number;
	/** Bytes that the command or its reply transfers. Must not change once the item is sent. */
	readonly bytes: number;
	/** Loop time at the end of the turn in which the item was added. Only the queue sets it. */
	queuedAt: number;
};

/** Bytes in flight at which nothing further is sent: all of them must be transferred within one deadline. */
const maxBytesInFlight = 2 * 1024 * 1024;

export type AdmissionQueueOptions<T> = {
	/** Loop time: see `loopNow`. */
	readonly now: () => number;
	/** Milliseconds in which Redis has to answer. */
	readonly deadlineMs: number;
	/** Items in flight at which no further one is sent. */
	readonly maxInFlight: () => number;
	/** The lowest that `maxInFlight` returns. */
	readonly minInFlight: number;
	/** Calls that may wait. */
	readonly maxWaiting: number;
	/** True while much is in flight: turns are then longer, as the class comment explains. */
	readonly isBusy: () => boolean;
	/** Called before each pass over the queue. It may remove all items. */
	readonly beforeSending: () => void;
	/** If false, the item is rejected as unavailable instead of being sent. */
	readonly isUsable: (item: T) => boolean;
	/** Sends the item, and others in the same command: see `takeAlong`. @param now Loop time. */
	readonly send: (item: T, now: number) => void;
	/** Called for an item that is not sent: it has waited too long, or Redis is no longer in use. */
	readonly reject: (item: T, reason: 'overloaded' | 'unavailable') => void;
};

/**
 * The queue in which calls wait until they may be sent: reads, as batches, in one for all lanes; scripts in one for each
 * lane.
 *
 * - Nothing is sent before the turn of the event loop ends, so that all calls of a turn can share a command. A turn ends
 *   when the callback has run; with `isBusy`, when all sockets have been read, so that the calls that follow replies of
 *   several lanes share a command, too.
 * - First in, first out. At most `maxInFlight` items and 2 MiB are in flight (or one item that is larger), so that a deadline
 *   measures Redis, not how long this process takes to send commands and to read replies.
 * - An item that has waited too long, in loop time, is rejected; `QueueTimeout` says when. Its deadline starts when it is sent.
 * - Bounded: with `maxWaiting` calls in the queue, no further item has room.
 */
export class AdmissionQueue<T extends Queued> {
	/** Items in flight. */
	inFlight = 0;
	#bytesInFlight = 0;
	readonly #options: AdmissionQueueOptions<T>;
	readonly #timeout: QueueTimeout;
	/** Items added in this turn of the event loop. */
	#arriving: T[] = [];
	readonly #waiting = new Queue<T>();
	#waitingCalls = 0;
	/** True if Redis did not answer the last item that settled. */
	#isSilent = false;
	/** True while a pass over the queue is scheduled for the end of the turn. */
	#isProceeding = false;
	/** Loop time of the current pass over the queue. */
	#now = 0;

	constructor(options: AdmissionQueueOptions<T>) {
		this.#options = options;
		this.#timeout = new QueueTimeout(options.deadlineMs);
	}

	/** Calls that have not been sent. */
	get waitingCalls(): number {
		return this.#waitingCalls;
	}

	/** Milliseconds that the item has waited while Redis answered nothing; 0 if Redis answers. */
	waitedInVain({queuedAt}: T, now: number): number {
		return this.#isSilent ? now - queuedAt : 0;
	}

	/** False while the queue is full: `add` must not be called then. */
	get hasRoom(): boolean {
		return this.#waitingCalls < this.#options.maxWaiting;
	}

	/** True if an item added now may have to wait. */
	get isCrowded(): boolean {
		return this.#waiting.size > 0 || this.inFlight + this.#waitingCalls > this.#options.minInFlight;
	}

	add(item: T): void {
		this.#waitingCalls += item.size;
		if (this.#arriving.length === 0) {
			if (this.#options.isBusy()) setImmediate(endTurn, this);
			else process.nextTick(endTurn, this);
		}
		this.#arriving.push(item);
	}

	/** A call has joined an item of the queue. */
	joined(): void {
		this.#waitingCalls++;
	}

	/** Puts an item that `send` was called with, or a part of it, back to the front of the queue. Its waiting time goes on. */
	putBack(item: T): void {
		this.#waitingCalls += item.size;
		this.#waiting.unshift(item);
	}

	/** An item is no longer in flight. Call `proceed` once its callers have their outcome. */
	release(item: T): void {
		this.inFlight--;
		this.#bytesInFlight -= item.bytes;
	}

	/**
	 * Sends as many items as the limits allow. While much is in flight, it does so at the end of the turn, together with the
	 * next calls of callers that were just answered.
	 *
	 * @param isAnswered True if Redis has just answered an item of this queue.
	 */
	proceed(isAnswered: boolean): void {
		this.#isSilent = !isAnswered;
		if (this.#waiting.size === 0) return;
		const now = this.#options.now();
		if (isAnswered) this.#timeout.answered(now);
		if (!this.#options.isBusy()) this.#admit(now);
		else if (!this.#isProceeding) {
			this.#isProceeding = true;
			setImmediate(admitLater, this);
		}
	}

	/** @internal */
	admitLater(): void {
		this.#isProceeding = false;
		this.#admit(this.#options.now());
	}

	/** Rejects the items that can no longer be sent because Redis is out of use. */
	rejectQueued(): void {
		this.#admit(this.#options.now());
	}

	/** Removes all items that were not sent. */
	takeQueued(): T[] {
		const items = [...this.#waiting.take(), ...this.#arriving];
		this.#arriving = [];
		this.#waitingCalls = 0;
		return items;
	}

	/**
	 * Takes further items out of the queue, to be sent in one command with the item that `send` was called with: as long as the
	 * limits allow, and `joins` accepts them.
	 */
	takeAlong(joins: (item: T) => boolean): void {
		const {isUsable} = this.#options;
		for (let item = this.#waiting.first; item !== undefined; item = this.#waiting.first) {
			if (this.#isFull || this.#timeout.isOver(item.queuedAt, this.#now)) return;
			if (!isUsable(item) || !joins(item)) return;
			this.#shift(item);
			this.#launch(item);
		}
	}

	/** @internal The turn is over: its items queue behind those of earlier turns. */
	endTurn(): void {
		const now = this.#options.now();
		const arriving = this.#arriving;
		for (const item of arriving) {
			item.queuedAt = now;
			this.#waiting.push(item);
		}
		if (arriving.length === 1) arriving.pop();
		else this.#arriving = [];
		this.#admit(now);
	}

	#admit(now: number): void {
		const {beforeSending, isUsable, send, reject} = this.#options;
		beforeSending();
		// Read again in each iteration: `send` and `reject` may change the queue.
		for (let item = this.#waiting.first; item !== undefined; item = this.#waiting.first) {
			const isLate = this.#timeout.isOver(item.queuedAt, now);
			const isRejected = !isUsable(item);
			if (!isRejected && !isLate && this.#isFull) return;
			this.#shift(item);
			if (isRejected) reject(item, 'unavailable');
			else if (isLate) reject(item, 'overloaded');
			else {
				this.#now = now;
				this.#launch(item);
				send(item, now);
			}
		}
	}

	get #isFull(): boolean {
		return this.inFlight >= this.#options.maxInFlight() || this.#bytesInFlight >= maxBytesInFlight;
	}

	#launch(item: T): void {
		this.inFlight++;
		this.#bytesInFlight += item.bytes;
	}

	#shift(item: T): void {
		this.#waiting.shift();
		this.#waitingCalls -= item.size;
	}
}

function admitLater<T extends Queued>(queue: AdmissionQueue<T>): void {
	queue.admitLater();
}

/** A named function with an argument, so that no closure is created in each turn. */
function endTurn<T extends Queued>(queue: AdmissionQueue<T>): void {
	queue.endTurn();
}
