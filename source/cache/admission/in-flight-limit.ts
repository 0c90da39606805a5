/** Calls in flight at first: one command full, so that a burst finds out how fast Redis is before all of it is late. */
const firstCalls = 64;

/** Calls in flight at which the limit falls no further: with fewer in a command, its own cost is most of the work. */
const minCalls = 16;

/** Parts of the deadline that a round trip may take: below the first the limit rises, above the second it falls. */
const quickPart = 1 / 4;
const slowPart = 1 / 2;

/**
 * The number of calls that may be in flight on a lane. Redis works through them one after the other, and on a busy machine it
 * does so slowly: as many as it usually answers at once would all miss their deadlines. What is not in flight waits in the
 * queue, where its deadline has not begun.
 *
 * Rises by the calls of each command that is answered soon, at first by all of them, and is halved by one that is not, at most
 * once in a round trip. Times are loop times, in milliseconds.
 */
export class InFlightLimit {
	current: number;
	/** The least that it can become. */
	readonly min: number;
	readonly #max: number;
	readonly #deadlineMs: number;
	/** When it last fell; commands sent before that say nothing new. */
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
