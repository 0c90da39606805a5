/** A gap between two ticks, which are a second apart, that means that the program was suspended, in milliseconds. */
const gapMs = 5000;

/** Messages that arrive within this time after a standstill were sent during it, in milliseconds. */
const aftermathMs = 2000;

/** Detects that this program was suspended: by a signal, or for lack of processor time. */
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

	/** True if it was suspended until just now. The first event afterwards may precede a tick. */
	isRecent(now = Date.now()): boolean {
		return now - this.#tickedAt >= gapMs || now - this.#overAt < aftermathMs;
	}
}
