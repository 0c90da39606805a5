/** When a breaker opens. */
export type BreakerLimits = {
	/** Failures in a row. */
	readonly consecutive: number;
	/** Share of failures in the window. */
	readonly rate: number;
	/** Calls in the window below which the share says nothing. */
	readonly minimum: number;
};

const seconds = 10;

/**
 * Decides when Redis is to be left alone: after a number of failures in a row, or when the share of failures in the last
 * ten seconds is too high. Only counts; what follows from it is the mode's business. `tick()` is to be called once a second.
 */
export class Breaker {
	readonly #limits: BreakerLimits;
	#inARow = 0;
	#calls = 0;
	#failures = 0;
	readonly #past: {calls: number; failures: number}[] = [];

	constructor(limits: BreakerLimits) {
		this.#limits = limits;
	}

	success(): void {
		this.#inARow = 0;
		this.#calls++;
	}

	/**
	 * @param calls That failed together, as they waited for the same command: one command alone does not open it, two in a
	 * row do, if enough calls waited for them.
	 * @returns Why it opens now, or `undefined` when it stays closed.
	 */
	failure(calls = 1): string | undefined {
		this.#inARow += Math.min(calls, Math.max(1, this.#limits.consecutive - 1));
		this.#calls++;
		this.#failures++;
		if (this.#inARow >= this.#limits.consecutive) return `${this.#inARow} failures in a row`;
		let all = this.#calls;
		let failures = this.#failures;
		for (const second of this.#past) {
			all += second.calls;
			failures += second.failures;
		}
		if (all >= this.#limits.minimum && failures / all >= this.#limits.rate)
			return `${failures} of the last ${all} calls failed`;
		return undefined;
	}

	tick(): void {
		this.#past.push({calls: this.#calls, failures: this.#failures});
		if (this.#past.length >= seconds) this.#past.shift();
		this.#calls = 0;
		this.#failures = 0;
	}

	reset(): void {
		this.#inARow = 0;
		this.#calls = 0;
		this.#failures = 0;
		this.#past.length = 0;
	}
}
