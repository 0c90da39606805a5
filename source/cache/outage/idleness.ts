import {localNow} from '../clock/local-now.js';
import type {Recorder} from '../observe/recorder.js';

/**
 * Detects that the application makes no calls. Pings are then rare, and a dead connection is noticed late. So entries in memory
 * become unverified, and the next use of each asks Redis.
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

	/** True if no call was made for that long. Calls are noticed from one check to the next. */
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
