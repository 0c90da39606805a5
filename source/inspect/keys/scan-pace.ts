import {setTimeout as sleep} from 'node:timers/promises';

/** Keys that one SCAN visits. It keeps the server busy for well under a millisecond. */
export const scanCount = 500;

/** Keys that may be visited at once after a pause, so that the first page of a list never waits. */
const burstKeys = 1000;

/** Steps a second that a low rate is spread over. */
const stepsPerSecond = 20;

/** Milliseconds after which a step belongs to another scan, or a person has waited. */
const pauseMs = 2000;

/** The share of what was measured before that still counts after a step: speeds change with the size of keys. */
const memory = 0.95;

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
	/** The step under way: when it began, and its keys. Undefined: there was none. */
	#step: {readonly at: number; readonly keys: number} | undefined;
	/** Keys and milliseconds of the latest steps, without those in which the pace had them wait. */
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

	/** Keys that scans visit in a second when the pace does not hold them up; undefined before two steps of one scan. */
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
