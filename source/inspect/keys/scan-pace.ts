import {setTimeout as sleep} from 'node:timers/promises';

/** Keys that one SCAN visits. It keeps the server busy for well under a millisecond. */
export const scanCount = 500;

/** Keys that may be visited at once after a pause, so that the first page of a list never waits. */
const burstKeys = 1000;

/** Steps a second that a low rate is spread over. */
const stepsPerSecond = 20;

/**
 * Limits the keys that scans of one server visit in a second, all of them together. Keys that were visited too early
 * are paid back: the next step waits for them.
 */
export class ScanPace {
	readonly keysPerSecond: number;
	/** Keys to visit in one step, at most 500: at a low rate, steps become smaller instead of rare. */
	readonly stepKeys: number;
	#credit: number = burstKeys;
	#at = performance.now();

	/** @param keysPerSecond More than 0. */
	constructor(keysPerSecond: number) {
		this.keysPerSecond = keysPerSecond;
		this.stepKeys = Math.max(1, Math.min(scanCount, Math.ceil(keysPerSecond / stepsPerSecond)));
	}

	/** Resolves when that many more keys may be visited. */
	async take(keys: number): Promise<void> {
		const now = performance.now();
		const earned = ((now - this.#at) / 1000) * this.keysPerSecond;
		this.#at = now;
		this.#credit = Math.min(Math.max(burstKeys, this.keysPerSecond / stepsPerSecond), this.#credit + earned) - keys;
		if (this.#credit < 0) await sleep((-this.#credit / this.keysPerSecond) * 1000);
	}
}
