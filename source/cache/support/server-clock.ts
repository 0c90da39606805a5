const origin = performance.timeOrigin;

/** Milliseconds that never jump, with Unix time as their origin. */
export function localNow(): number {
	return origin + performance.now();
}

type Bounds = {readonly low: number; readonly high: number; readonly takenAt: number};

/** How fast two clocks may drift apart: 200 parts in a million, four times what quartz does. */
const drift = 0.0002;
/** A minute's worth, at one a second. */
const keptSamples = 60;

/**
 * What this process knows of the server's clock. A sample (`TIME`, sent at `t0`, answered `server` at `t1`) bounds the
 * offset from both sides: the server looked at its clock somewhere between. Deadlines use the lower bound, so that none
 * is later on the server than it is here; times of changes made here use the upper one, so that none is too early.
 *
 * All server times are whole microseconds, local ones fractional milliseconds.
 */
export class ServerClock {
	#bounds: Bounds | undefined;
	readonly #samples: Bounds[] = [];
	readonly #now: () => number;

	constructor(now: () => number = localNow) {
		this.#now = now;
	}

	get known(): boolean {
		return this.#bounds !== undefined;
	}

	/** Adds a sample. Samples that contradict what was known replace it: the server's clock was set. */
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
		this.#bounds = {low, high, takenAt: t1};
	}

	/**
	 * Adds a sample from any one of several servers: in a cluster no node's deadline may be late, so the bounds are those of
	 * the last samples together. One that took long says little: it counts only as far as it contradicts the others.
	 */
	include(t0: number, serverMicros: number, t1: number): void {
		const samples = this.#samples;
		samples.push({low: serverMicros / 1000 - t1, high: serverMicros / 1000 - t0, takenAt: t1});
		if (samples.length > keptSamples) samples.shift();
		const sharp = 1 + 4 * Math.min(...samples.map((sample) => sample.high - sample.low));
		let low = Number.POSITIVE_INFINITY;
		let high = Number.NEGATIVE_INFINITY;
		for (const sample of samples) {
			if (sample.high - sample.low > sharp) continue;
			const aged = (t1 - sample.takenAt) * drift;
			low = Math.min(low, sample.low - aged);
			high = Math.max(high, sample.high + aged);
		}
		for (const sample of samples) {
			low = Math.min(low, sample.high);
			high = Math.max(high, sample.low);
		}
		this.#bounds = {low, high, takenAt: t1};
	}

	/** Server time, in µs, that is certainly not later than local time `at`. */
	notAfter(at: number = this.#now()): number {
		const bounds = this.#bounds;
		return bounds === undefined
			? Math.floor(at * 1000)
			: Math.floor((at + bounds.low - Math.max(0, at - bounds.takenAt) * drift) * 1000);
	}

	/** Server time, in µs, that is certainly not earlier than local time `at`. */
	notBefore(at: number = this.#now()): number {
		const bounds = this.#bounds;
		return bounds === undefined
			? Math.ceil(at * 1000)
			: Math.ceil((at + bounds.high + Math.max(0, at - bounds.takenAt) * drift) * 1000);
	}

	/** Best guess at the server's time now, in µs. */
	estimate(at: number = this.#now()): number {
		const bounds = this.#bounds;
		return Math.round((at + (bounds === undefined ? 0 : (bounds.low + bounds.high) / 2)) * 1000);
	}
}
