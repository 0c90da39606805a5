import {DeadlineError, OverloadError} from '../../../pool/errors.js';
import {loopNow} from '../../../pool/loop-clock.js';
import {UnavailableError} from '../../api/errors.js';
import {localNow} from '../../clock/local-now.js';

/**
 * Number of deadlines for which the request is repeated while Redis is busy but answers, or this process is short of processor
 * time.
 */
const busyDeadlines = 10;
/** If Redis answers this many other commands while one misses its deadline, it is busy, and not unreachable. */
const answersOfBusy = 8;
/**
 * Deadlines missed in a row after which a load starts without a lease although Redis answers other commands: the lane of this
 * key may be broken.
 */
const maxMissed = 4;
/**
 * Failed commands in a row, over at least one deadline, after which a load starts without a lease although another process is
 * loading the key.
 */
const maxFailures = 4;

/** A request for a lease that has failed. */
export type FailedLeaseRequest = {
	/** `undefined` if the request reached Redis after its deadline, which the script then reports. */
	readonly error: Error | undefined;
	/** Local time at which it was made. */
	readonly requestedAt: number;
	/** Number of commands of all callers that the same server has answered since. */
	readonly answers: number;
	/** Loop time of its last answer. */
	readonly answeredAt: number;
};

/**
 * Decides if the request for a lease is repeated after a failure. A load without a lease may duplicate one of another process,
 * and cannot be stored; but a caller must not wait for a Redis that may be unreachable.
 *
 * - The command was rejected by a full queue (`OverloadError`) while Redis answers: it is busy. Repeats for up to ten
 *   deadlines.
 * - The command reached Redis after its deadline, but was answered: if it took longer than a deadline by the wall clock, this
 *   process is short of processor time. Repeats for up to ten deadlines, otherwise for one.
 * - The command missed its deadline, but Redis answered many others meanwhile: it is busy. Repeats up to four times.
 * - Any other failure: does not repeat, unless another process is known to load the key. Then it tolerates three failures in
 *   a row; if Redis is unreachable, the circuit breaker opens meanwhile.
 *
 * Deadlines are counted in loop time.
 */
export class LeaseRetryPolicy {
	readonly #deadlineMs: number;
	#since = loopNow();
	#isWaiting = false;
	#failures = 0;
	#missed = 0;

	constructor(deadlineMs: number) {
		this.#deadlineMs = deadlineMs;
	}

	/** Redis has answered. */
	noteAnswer(): void {
		this.#since = loopNow();
		this.#failures = 0;
		this.#missed = 0;
	}

	/** Another process is loading the key. */
	noteOtherLoad(): void {
		this.#isWaiting = true;
	}

	mayRetry({error, requestedAt, answers, answeredAt}: FailedLeaseRequest): boolean {
		const isLate = error === undefined || error instanceof UnavailableError;
		const isStarved = isLate && localNow() - requestedAt > this.#deadlineMs;
		const isBusy = error instanceof DeadlineError && answers >= answersOfBusy && ++this.#missed <= maxMissed;
		// A full queue means a busy Redis only if Redis has answered something within the last deadline.
		const isTurnedAway = error instanceof OverloadError && loopNow() - answeredAt < this.#deadlineMs;
		const deadlines = isTurnedAway || isStarved || isBusy ? busyDeadlines : isLate ? 1 : 0;
		const silentMs = loopNow() - this.#since;
		if (silentMs < deadlines * this.#deadlineMs) return true;
		return this.#isWaiting && (++this.#failures < maxFailures || silentMs < this.#deadlineMs);
	}
}
