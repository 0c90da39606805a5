/**
 * Pauses between attempts to connect: exponential, doubling from `minMs` up to `maxMs`, with "equal jitter" (half of a
 * pause is fixed, the other half random), so that the lanes of many processes do not reconnect at the same moment.
 *
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export class Backoff {
	#attempt = 0;

	constructor(
		readonly minMs: number,
		readonly maxMs: number,
		readonly random: () => number = Math.random,
	) {}

	/** The pause before the next attempt, in milliseconds. */
	next(): number {
		const ceiling = Math.min(this.maxMs, this.minMs * 2 ** this.#attempt);
		if (ceiling < this.maxMs) this.#attempt++;
		return ceiling * (0.5 + this.random() / 2);
	}

	/** Starts again at `minMs`. */
	reset(): void {
		this.#attempt = 0;
	}
}
