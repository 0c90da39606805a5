/** Milliseconds between two ticks, normally a second apart, from which on the program must have been suspended. */
const gapMs = 5000;

/** Messages that arrive within this time after a standstill were sent during it, in milliseconds. */
const aftermathMs = 2000;

/** Detects that this program was suspended, by a signal or for lack of CPU time. */
export class Standstill {
	#tickedAt: number;
	#overAt = Number.NEGATIVE_INFINITY;

	constructor(now = Date.now()) {
		this.#tickedAt = now;
	}

	/** Call it every second. */
	tick(now = Date.now()): void {
		if (now - this.#tickedAt >= gapMs) this.#overAt = now;
		this.#tickedAt = now;
	}

	/** True if the program was suspended until just now, even if no tick has followed yet. */
	isRecent(now = Date.now()): boolean {
		return now - this.#tickedAt >= gapMs || now - this.#overAt < aftermathMs;
	}
}
