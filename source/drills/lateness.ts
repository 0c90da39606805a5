/** How late timers were, in milliseconds. All 0 while nothing was measured. */
export type Lateness = {readonly p50: number; readonly p99: number; readonly max: number};

const stepMs = 0.5;
const steps = 4000;

/** Counts of how late something was, in memory that two threads share: one writes, the other reads. */
export class LatenessCounts {
	readonly memory: SharedArrayBuffer;
	readonly #counts: Uint32Array;

	constructor(memory = new SharedArrayBuffer((steps + 1) * Uint32Array.BYTES_PER_ELEMENT)) {
		this.memory = memory;
		this.#counts = new Uint32Array(memory);
	}

	/**
	 * What was due every `everyMs` milliseconds came `ms` late, and so, by less and less, was all that came due in that time.
	 * One late sample for all of it would make a machine that stood still look quiet beside calls that went on coming due.
	 */
	recordFrom(ms: number, everyMs: number): void {
		const most = Math.min(ms, steps * stepMs);
		for (let late = most; late > everyMs; late -= everyMs) this.record(late - everyMs);
		this.record(most);
	}

	record(ms: number): void {
		Atomics.add(this.#counts, Math.min(steps, Math.max(0, Math.floor(ms / stepMs))), 1);
	}

	get samples(): number {
		return this.#counts.reduce((sum, count) => sum + count, 0);
	}

	/** Exact to half a millisecond, up to two seconds. */
	quantiles(): Lateness {
		const counts = this.#counts.slice();
		const total = counts.reduce((sum, count) => sum + count, 0);
		const at = (share: number): number => {
			let left = total * share;
			const step = counts.findIndex((count) => {
				left -= count;
				return count > 0 && left <= 0;
			});
			return Math.max(0, step) * stepMs;
		};
		return {
			p50: at(0.5),
			p99: at(0.99),
			max:
				Math.max(
					0,
					counts.findLastIndex((count) => count > 0),
				) * stepMs,
		};
	}
}
