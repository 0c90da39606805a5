import {OverloadError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import {UnavailableError} from '../api/errors.js';

/** Deadlines for which a lease is asked for again while commands do not get their turn. */
const busyDeadlines = 10;
/** Commands in a row that fail while another process loads the key, until a load starts without a lease. */
const maxMisses = 2;

/**
 * Decides whether a lease is asked for again after a failure. A load without one would be one too many, and could not be
 * stored; but a caller must not wait for a Redis that may be gone.
 *
 * - Commands did not get their turn: Redis answers, and is busy. For up to ten deadlines.
 * - A command reached Redis too late, although its answer came in time: this process gets little processor time. For one
 *   deadline; beyond it Redis is slow.
 * - Any other failure, a missed deadline above all: not at first. Once another process was seen to load the key there is a load
 *   to wait for, as for a loader of one's own, and one failure is no reason not to.
 *
 * Times are loop times.
 */
export class AskingAgain {
	readonly #deadlineMs: number;
	#since = loopNow();
	#isWaiting = false;
	#misses = 0;

	constructor(deadlineMs: number) {
		this.#deadlineMs = deadlineMs;
	}

	/** Redis has answered. */
	answered(): void {
		this.#since = loopNow();
		this.#misses = 0;
	}

	/** Another process loads the key. */
	waiting(): void {
		this.#isWaiting = true;
	}

	/** @param error `undefined`: the command reached Redis too late. */
	isWorthwhile(error: Error | undefined): boolean {
		const elapsed = loopNow() - this.#since;
		if (error instanceof OverloadError) return elapsed < busyDeadlines * this.#deadlineMs;
		const isLate = error === undefined || error instanceof UnavailableError;
		if (isLate && elapsed < this.#deadlineMs) return true;
		return this.#isWaiting && ++this.#misses < maxMisses;
	}
}
