import {loopNow} from '../../../pool/loop-clock.js';

/**
 * Counts the commands that Redis, or a node of a cluster, has answered in time, so that a caller can tell if there was an
 * answer since a certain time.
 */
export class Answers {
	count = 0;
	/** Loop time of the last answer. */
	at = Number.NEGATIVE_INFINITY;

	/** @param now Milliseconds of the monotonic clock, if it has just been read. */
	add(now?: number): void {
		this.count++;
		this.at = loopNow(now);
	}
}
