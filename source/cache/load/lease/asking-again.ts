import {DeadlineError, OverloadError} from '../../../pool/errors.js';
import {loopNow} from '../../../pool/loop-clock.js';
import {UnavailableError} from '../../api/errors.js';
import {localNow} from '../../clock/local-now.js';

/** Deadlines for which a lease is asked for again while Redis answers, and is busy, or this process gets little processor time. */
const busyDeadlines = 10;
/** With this many answers to other commands while one missed its deadline, Redis is busy, and not gone. */
const answersOfBusy = 8;
/** Deadlines missed in a row until a load starts without a lease although Redis answers others: their lanes may work, and this one not. */
const maxMissed = 4;
/** Commands in a row that fail for at least a deadline while another process loads the key, until a load starts without a lease. */
const maxFailures = 4;

/** A request for a lease that has failed. */
export type FailedAsking = {
	/** `undefined`: it reached Redis too late. */
	readonly error: Error | undefined;
	/** Local time at which it was made. */
	readonly askedAt: number;
	/** Commands of all callers that the server which was asked has answered since. */
	readonly answers: number;
	/** Loop time of its last answer. */
	readonly answeredAt: number;
};

/**
 * Decides whether a lease is asked for again after a failure. A load without one would be one too many, and could not be
 * stored; but a caller must not wait for a Redis that may be gone.
 *
 * - Commands did not get their turn: Redis answers, and is busy. For up to ten deadlines.
 * - A command reached Redis too late, although its answer came in time: this process gets little processor time, if that took
 *   longer than a deadline by the wall clock. For up to ten deadlines, and else for one.
 * - A command missed its deadline, and Redis has answered many others meanwhile: it is busy. Up to four times.
 * - Any other failure: not at first. Once another process was seen to load the key there is a load to wait for, as for a loader
 *   of one's own, and three failures in a row are no reason not to: a Redis that is gone opens the circuit breaker meanwhile.
 *
 * Deadlines are counted in loop time.
 */
export class AskingAgain {
	readonly #deadlineMs: number;
	#since = loopNow();
	#isWaiting = false;
	#failures = 0;
	#missed = 0;

	constructor(deadlineMs: number) {
		this.#deadlineMs = deadlineMs;
	}

	/** Redis has answered. */
	answered(): void {
		this.#since = loopNow();
		this.#failures = 0;
		this.#missed = 0;
	}

	/** Another process loads the key. */
	waiting(): void {
		this.#isWaiting = true;
	}

	isWorthwhile({error, askedAt, answers, answeredAt}: FailedAsking): boolean {
		const isLate = error === undefined || error instanceof UnavailableError;
		const isStarved = isLate && localNow() - askedAt > this.#deadlineMs;
		const isBusy = error instanceof DeadlineError && answers >= answersOfBusy && ++this.#missed <= maxMissed;
		// Where nothing is answered, no command gets its turn either.
		const isTurnedAway = error instanceof OverloadError && loopNow() - answeredAt < this.#deadlineMs;
		const deadlines = isTurnedAway || isStarved || isBusy ? busyDeadlines : isLate ? 1 : 0;
		const silentMs = loopNow() - this.#since;
		if (silentMs < deadlines * this.#deadlineMs) return true;
		return this.#isWaiting && (++this.#failures < maxFailures || silentMs < this.#deadlineMs);
	}
}
