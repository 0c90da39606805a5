import {setTimeout as sleep} from 'node:timers/promises';

/** Number of keys that one SCAN visits, which takes the server well under a millisecond. */
export const scanCount = 500;

/** Number of keys that may be visited at once after a pause, so that the first page of a list never waits. */
const burstKeys = 1000;

/** Steps per second at a low rate. */
const stepsPerSecond = 20;

/** After a pause of this many milliseconds, a step counts as the first one of another scan. */
const pauseMs = 2000;

/** Weight of earlier measurements after each step, since the speed changes with the size of keys. */
const memory = 0.95;

/**
 * Limits the number of keys that all scans of one server together visit in a second. A step may exceed the limit, and the next
 * one waits correspondingly longer.
 */
export class ScanPace {
	readonly keysPerSecond: number;
	/** Number of keys to visit in one step, at most 500. At a low rate, steps are smaller instead of less frequent. */
	readonly stepKeys: number;
	#credit: number = burstKeys;
	#at = performance.now();
	/** Start and number of keys of the current step; undefined before the first one. */
	#step: {readonly at: number; readonly keys: number} | undefined;
	/** Keys and milliseconds of the latest steps, without the time for which they had to wait. */
	#measured = {keys: 0, ms: 0};

	/** @param keysPerSecond More than 0. */
	constructor(keysPerSecond: number) {
		this.keysPerSecond = keysPerSecond;
		this.stepKeys = Math.max(1, Math.min(scanCount, Math.ceil(keysPerSecond / stepsPerSecond)));
	}

	/** Resolves when that many more keys may be visited. */
	async take(keys: number): Promise<void> {
		const now = performance.now();
		this.#measure(now);
		const earned = ((now - this.#at) / 1000) * this.keysPerSecond;
		this.#at = now;
		this.#credit = Math.min(Math.max(burstKeys, this.keysPerSecond / stepsPerSecond), this.#credit + earned) - keys;
		if (this.#credit < 0) await sleep((-this.#credit / this.keysPerSecond) * 1000);
		this.#step = {at: performance.now(), keys};
	}

	/** Keys per second that scans reach without the limit; undefined before two steps of one scan. */
	get reached(): number | undefined {
		const {keys, ms} = this.#measured;
		return ms > 0 ? (keys * 1000) / ms : undefined;
	}

	#measure(now: number): void {
		if (this.#step === undefined) return;
		const {at, keys} = this.#step;
		const {keys: keysBefore, ms} = this.#measured;
		if (now - at < pauseMs) this.#measured = {keys: memory * keysBefore + keys, ms: memory * ms + now - at};
		this.#step = undefined;
	}
}
