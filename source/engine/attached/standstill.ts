/** A gap between two ticks, a second apart, from which on the program stood still, in milliseconds. */
const gapMs = 5000;

/** Messages that arrive within this time after a standstill were sent during it, in milliseconds. */
const aftermathMs = 2000;

/** Notices that this program stood still: stopped by a signal, or without processor time. */
export class Standstill {
	#tickedAt: number;
	#overAt = Number.NEGATIVE_INFINITY;

	constructor(now = Date.now()) {
		this.#tickedAt = now;
	}

	/** To be called every second. */
	tick(now = Date.now()): void {
		if (now - this.#tickedAt >= gapMs) this.#overAt = now;
		this.#tickedAt = now;
	}

	/** True if it stood still until just now. The first thing that happens afterwards may come before a tick. */
	isRecent(now = Date.now()): boolean {
		return now - this.#tickedAt >= gapMs || now - this.#overAt < aftermathMs;
	}
}
