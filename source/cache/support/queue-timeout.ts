/** How long one call may take, in deadlines, when it has to wait for its turn. */
export const longestCall = 10;

/** What is left of it but for the deadline that begins when the call is sent, and the one that may pass until it is looked at again. */
const deadlinesOfWaiting = longestCall - 2;

/**
 * How long a call may wait for its turn when more calls are made at once than Redis is given at a time. As long as Redis
 * goes on answering, waiting is better than doing without it: a call settles within ten deadlines. When nothing has been
 * answered for a deadline, it is let go: it settles within two or three.
 */
export class QueueTimeout {
	readonly #deadlineMs: number;
	#answeredAt = 0;

	constructor(deadlineMs: number) {
		this.#deadlineMs = deadlineMs;
	}

	/** Redis has answered a call like those that wait. To be told whenever some do. */
	answered(now: number): void {
		this.#answeredAt = now;
	}

	/** Whether a call that has waited since then is to be let go. */
	isOver(since: number, now: number): boolean {
		const waited = now - since;
		if (waited <= this.#deadlineMs) return false;
		return waited > this.#deadlineMs * deadlinesOfWaiting || now - this.#answeredAt > this.#deadlineMs;
	}
}
