/** A call that has been started. */
export type PendingCall = {
	/** When it was due, by `performance.now()`. */
	readonly dueAt: number;
	/** When it was started, by the clock of `PendingCalls`. */
	readonly startedAt: number;
	readonly duringFault: boolean;
	/** The counting period that it belongs to: a call started before a reset is not counted after it. */
	readonly epoch: number;
	state: 'pending' | 'hung' | 'settled';
};

/** Milliseconds by which the clock advances at most: a longer stall of the event loop does not make calls hang. */
const maxStepMs = 50;

/**
 * Finds calls that do not settle in time, with one queue, oldest first, instead of a timer for each call.
 *
 * Its clock stops while the event loop is blocked, because a call that was answered meanwhile cannot settle either.
 */
export class PendingCalls {
	readonly #queue: PendingCall[] = [];
	#first = 0;
	#clock = 0;
	#lastNow = performance.now();
	#unsettled = 0;

	/** Calls that have not settled, hung ones included. */
	get unsettled(): number {
		return this.#unsettled;
	}

	/** A call has been started. */
	add(dueAt: number, duringFault: boolean, epoch: number): PendingCall {
		const call: PendingCall = {dueAt, startedAt: this.#clock, duringFault, epoch, state: 'pending'};
		this.#queue.push(call);
		this.#unsettled++;
		return call;
	}

	/** A call has settled. */
	settled(call: PendingCall): void {
		this.#unsettled--;
		call.state = 'settled';
	}

	/** Calls `onHung` once for each call that is older than `limitMs`. */
	check(now: number, limitMs: number, onHung: (call: PendingCall) => void): void {
		this.#clock += Math.min(maxStepMs, Math.max(0, now - this.#lastNow));
		this.#lastNow = now;
		for (let call = this.#queue[this.#first]; call !== undefined; call = this.#queue[this.#first]) {
			if (call.state === 'pending') {
				if (this.#clock - call.startedAt <= limitMs) break;
				call.state = 'hung';
				onHung(call);
			}
			this.#first++;
		}
		if (this.#first < 1024 && this.#first < this.#queue.length) return;
		this.#queue.splice(0, this.#first);
		this.#first = 0;
	}
}
