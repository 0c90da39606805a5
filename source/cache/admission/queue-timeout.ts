/** The longest that a call with one round trip may take when it has to wait in a queue, in deadlines. */
export const maxCallDeadlines = 10;

/**
 * Two deadlines are left for the command itself: the one that starts when it is sent, and the one that may pass until the
 * queue is checked again.
 */
const maxQueuedDeadlines = maxCallDeadlines - 2;

/**
 * The longest time that a call may wait in a queue. While Redis answers, waiting is better than doing without it: a call may
 * wait eight deadlines. If Redis has answered nothing for a deadline, the limit is one deadline.
 */
export class QueueTimeout {
	readonly #deadlineMs: number;
	#answeredAt = 0;

	constructor(deadlineMs: number) {
		this.#deadlineMs = deadlineMs;
	}

	/** Redis has answered a call of this queue. */
	answered(now: number): void {
		this.#answeredAt = now;
	}

	/** True if a call queued at `queuedAt` has waited too long. */
	isOver(queuedAt: number, now: number): boolean {
		const waited = now - queuedAt;
		if (waited <= this.#deadlineMs) return false;
		return waited > this.#deadlineMs * maxQueuedDeadlines || now - this.#answeredAt > this.#deadlineMs;
	}
}
