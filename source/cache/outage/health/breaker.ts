import type {BreakerLimits} from '../../options/settings.js';

/** Seconds of the window that `rate` refers to, the current one included. */
const windowSeconds = 10;

/**
 * A circuit breaker: opens after a number of failures in a row, or when the share of failures in the last ten seconds is
 * too high. It only counts; `ModeController` acts on it. Call `tick()` once a second.
 */
export class Breaker {
	readonly #limits: BreakerLimits;
	readonly #deadlineMs: number;
	#inARow = 0;
	#isSilent = false;
	#calls = 0;
	#failures = 0;
	/** The current silence: loop time of its first missed deadline, and the number of failures that it has counted for. */
	#silence = {startedAt: Number.NEGATIVE_INFINITY, failures: 0};
	readonly #past: {calls: number; failures: number}[] = [];

	/** @param deadlineMs Milliseconds in which Redis has to answer. */
	constructor(limits: BreakerLimits, deadlineMs: number) {
		this.#limits = limits;
		this.#deadlineMs = deadlineMs;
	}

	/** True if a deadline was missed and Redis has answered nothing since, even if the connections were replaced meanwhile. */
	get isSilent(): boolean {
		return this.#isSilent;
	}

	recordSuccess(): void {
		this.#inARow = 0;
		this.#isSilent = false;
		this.#calls++;
	}

	/**
	 * A command has missed its deadline. Commands that were in flight together count as one silence of Redis, with at most one
	 * failure less than the limit, so that a single pause never opens the breaker, however many commands it delays. A command
	 * that was sent after the first miss and misses its deadline as well can open it, if the commands carried enough calls.
	 *
	 * @param calls Number of calls that failed with this command.
	 * @param now Loop time.
	 * @returns The reason if the breaker opens; `undefined` if it stays closed.
	 */
	recordMiss(calls: number, now: number): string | undefined {
		this.#isSilent = true;
		if (now - this.#silence.startedAt >= this.#deadlineMs) this.#silence = {startedAt: now, failures: 0};
		const most = Math.max(1, this.#limits.consecutive - 1);
		const counted = Math.min(calls, most - this.#silence.failures);
		if (counted === 0) return undefined;
		this.#silence.failures += counted;
		return this.recordFailure(counted);
	}

	/**
	 * A command has failed.
	 *
	 * @param failures Number of failures that it counts for.
	 * @returns The reason if the breaker opens; `undefined` if it stays closed.
	 */
	recordFailure(failures = 1): string | undefined {
		this.#inARow += failures;
		this.#calls++;
		this.#failures++;
		if (this.#inARow >= this.#limits.consecutive) return `${this.#inARow} failures in a row`;
		let all = this.#calls;
		let failed = this.#failures;
		for (const second of this.#past) {
			all += second.calls;
			failed += second.failures;
		}
		if (all >= this.#limits.minimum && failed / all >= this.#limits.rate)
			return `${failed} of the last ${all} calls failed`;
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
		this.#isSilent = false;
		this.#calls = 0;
		this.#failures = 0;
		this.#silence = {startedAt: Number.NEGATIVE_INFINITY, failures: 0};
		this.#past.length = 0;
	}
}
