/** Initial limit of calls in flight: one full command, so that a burst measures the speed of Redis before all of it is sent. */
const firstCalls = 64;

/** Lowest limit of calls in flight: with fewer calls in a command, its fixed cost dominates. */
const minCalls = 16;

/** Parts of the deadline that a round trip may take: below the first the limit rises, above the second it falls. */
const quickPart = 1 / 4;
const slowPart = 1 / 2;

/**
 * The number of calls that may be in flight on a lane. Redis executes them one after the other, and slowly on a busy machine: a
 * number that it usually answers in time could then miss all deadlines. Other calls wait in the queue, where their deadline has
 * not started.
 *
 * The limit rises with each command that is answered quickly (at first by the number of its calls), and is halved by a slow
 * one, at most once per round trip. Times are loop times, in milliseconds.
 */
export class InFlightLimit {
	current: number;
	/** Lowest value of the limit. */
	readonly min: number;
	readonly #max: number;
	readonly #deadlineMs: number;
	/** Time at which the limit last fell; slow commands sent before that do not lower it again. */
	#fellAt = Number.NEGATIVE_INFINITY;

	constructor(max: number, deadlineMs: number) {
		this.current = Math.min(firstCalls, max);
		this.min = Math.min(minCalls, max);
		this.#max = max;
		this.#deadlineMs = deadlineMs;
	}

	/** A command with this many calls was answered. */
	answered(calls: number, sentAt: number, now: number): void {
		const ms = now - sentAt;
		if (ms > this.#deadlineMs * slowPart) this.#fall(sentAt, now);
		else if (ms < this.#deadlineMs * quickPart) {
			const hasFallen = this.#fellAt > Number.NEGATIVE_INFINITY;
			this.current = Math.min(this.#max, this.current + (hasFallen ? Math.ceil(calls / 4) : calls));
		}
	}

	/** A command missed its deadline. */
	missed(sentAt: number, now: number): void {
		this.#fall(sentAt, now);
	}

	#fall(sentAt: number, now: number): void {
		if (sentAt < this.#fellAt) return;
		this.#fellAt = now;
		this.current = Math.max(this.min, Math.floor(this.current / 2));
	}
}
