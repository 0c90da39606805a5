import {loopNow} from '../../../pool/loop-clock.js';

/** The commands that Redis, or a node of a cluster, has answered in time. They tell whether there was one since. */
export class Answers {
	count = 0;
	/** Loop time of the last one. */
	at = Number.NEGATIVE_INFINITY;

	/** @param now Milliseconds of the monotonic clock, if it has just been read. */
	add(now?: number): void {
		this.count++;
		this.at = loopNow(now);
	}
}
