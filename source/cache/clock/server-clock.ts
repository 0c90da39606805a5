/** `clock/`: local time, the server's time, and the order of changes. */
import {localNow} from './local-now.js';

/** Bounds of the offset between the server's clock and the local one, in milliseconds. */
type Bounds = {readonly low: number; readonly high: number; readonly takenAt: number};

/** Rate at which two clocks may drift apart: 200 parts per million, four times the drift of quartz. */
const drift = 0.0002;
/** Steps of less, in ms, are not reported: clocks that are being adjusted drift by as much. */
const reportedStepMs = 10;

/**
 * Bounds of the time on the server's clock. A sample (`TIME`, sent at `t0`, answered with `server` at `t1`) bounds the offset
 * from both sides: the server read its clock somewhere between the two.
 *
 * Deadlines use the lower bound, so that no deadline ends later on the server than in this process. Times of lost changes use
 * the latest time that the clock can ever have shown, so that none is too early, even after the clock was set back. Before the
 * first sample both clocks are assumed to agree.
 *
 * Server times are whole microseconds, local times fractional milliseconds.
 */
export class ServerClock {
	#bounds: Bounds | undefined;
	readonly #now: () => number;
	readonly #onStep: (ms: number) => void;
	/** The latest time, in µs, that the server's clock can have shown before it was last set back. */
	#latestBefore = 0;

	/** @param onStep Called when the clock was set, with the difference in milliseconds; negative if it was set back. */
	constructor(now: () => number = localNow, onStep: (ms: number) => void = () => {}) {
		this.#now = now;
		this.#onStep = onStep;
	}

	/** Estimated milliseconds by which the server's clock is ahead of the local one; undefined before the first sample. */
	get offsetMs(): number | undefined {
		return this.#bounds === undefined ? undefined : (this.#bounds.low + this.#bounds.high) / 2;
	}

	/** Adds a sample. One that contradicts the bounds replaces them: the server's clock was set. */
	sample(t0: number, serverMicros: number, t1: number): void {
		const low = serverMicros / 1000 - t1;
		const high = serverMicros / 1000 - t0;
		const old = this.#bounds;
		if (old !== undefined) {
			const aged = (t1 - old.takenAt) * drift;
			const tight = {low: Math.max(low, old.low - aged), high: Math.min(high, old.high + aged), takenAt: t1};
			if (tight.low <= tight.high) {
				this.#bounds = tight;
				return;
			}
		}
		this.#replace({low, high, takenAt: t1});
		if (old === undefined) return;
		const step = (low + high - old.low - old.high) / 2;
		if (Math.abs(step) >= reportedStepMs) this.#onStep(step);
	}

	/** Server time, in µs, certainly not later than local time `at`. */
	notAfter(at: number = this.#now()): number {
		const bounds = this.#bounds;
		return bounds === undefined
			? Math.floor(at * 1000)
			: Math.floor((at + bounds.low - Math.max(0, at - bounds.takenAt) * drift) * 1000);
	}

	/** Server time, in µs, certainly not earlier than local time `at`. */
	notBefore(at: number = this.#now()): number {
		const bounds = this.#bounds;
		return bounds === undefined
			? Math.ceil(at * 1000)
			: Math.ceil((at + bounds.high + Math.max(0, at - bounds.takenAt) * drift) * 1000);
	}

	/** Best estimate of the server's time at local time `at`, in µs. */
	estimate(at: number = this.#now()): number {
		const bounds = this.#bounds;
		return Math.round((at + (bounds === undefined ? 0 : (bounds.low + bounds.high) / 2)) * 1000);
	}

	/** The latest time, in µs, that the server's clock can have shown until local time `at`, however often it was set back. */
	latestEver(at: number = this.#now()): number {
		return Math.max(this.#latestBefore, this.notBefore(at));
	}

	#replace(bounds: Bounds): void {
		const old = this.#bounds;
		if (old !== undefined && bounds.high < old.high) this.#latestBefore = this.latestEver(bounds.takenAt);
		this.#bounds = bounds;
	}
}
