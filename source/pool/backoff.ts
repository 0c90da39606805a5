/** Waits between attempts to connect: doubling up to a cap, each between half of itself and itself, so that lanes spread. */
export class Backoff {
	#attempt = 0;

	constructor(
		readonly minMs: number,
		readonly maxMs: number,
		readonly random: () => number = Math.random,
	) {}

	/** Milliseconds to wait before the next attempt. */
	next(): number {
		const ceiling = Math.min(this.maxMs, this.minMs * 2 ** this.#attempt);
		if (ceiling < this.maxMs) this.#attempt++;
		return ceiling * (0.5 + this.random() / 2);
	}

	/** After a success. */
	reset(): void {
		this.#attempt = 0;
	}
}
