import type {BreakerLimits} from '../options/settings.js';

/** Seconds of the window that `rate` refers to, the current one included. */
const windowSeconds = 10;

/**
 * A circuit breaker: opens after a number of failures in a row, or when the share of failures in the last ten seconds is
 * too high. It only counts; `ModeController` acts on it. Call `tick()` once a second.
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

	recordSuccess(): void {
		this.#inARow = 0;
		this.#calls++;
	}

	/**
	 * A command has failed.
	 *
	 * @param calls Calls that were sent in this command and failed with it. One command counts for one less than the limit at
	 * most: a single slow command does not open the breaker, two in a row do if they carried enough calls.
	 * @returns Why the breaker opens; `undefined` if it stays closed.
	 */
	recordFailure(calls = 1): string | undefined {
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
		if (this.#past.length >= windowSeconds) this.#past.shift();
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
