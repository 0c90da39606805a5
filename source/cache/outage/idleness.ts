import {localNow} from '../clock/local-now.js';
import type {Recorder} from '../observe/recorder.js';

/**
 * Tells if the application makes calls. While it makes none, pings are rare, so a dead connection is noticed late: what is in
 * memory is unverified then, and is checked in Redis at its next use.
 */
export class Idleness {
	readonly #recorder: Pick<Recorder, 'counters' | 'callsInProgress'>;
	readonly #afterMs: number;
	readonly #onIdle: () => void;
	#calls = 0;
	#calledAt = localNow();
	#isIdle = false;

	/** @param afterMs Milliseconds without a call after which a process is idle. */
	constructor(recorder: Pick<Recorder, 'counters' | 'callsInProgress'>, onIdle: () => void, afterMs = 30_000) {
		this.#recorder = recorder;
		this.#onIdle = onIdle;
		this.#afterMs = afterMs;
	}

	/** True if no call was made for that long, as far as can be seen from one check to the next. */
	check(): boolean {
		const {counters, callsInProgress} = this.#recorder;
		const {hitsMemory, hitsRedis, misses, sets, deletes, invalidations} = counters;
		const calls = hitsMemory + hitsRedis + misses + sets + deletes + invalidations;
		if (calls !== this.#calls || callsInProgress > 0) {
			this.#calls = calls;
			this.#calledAt = localNow();
			this.#isIdle = false;
		} else if (!this.#isIdle && localNow() - this.#calledAt >= this.#afterMs) {
			this.#isIdle = true;
			this.#onIdle();
		}
		return this.#isIdle;
	}
}
