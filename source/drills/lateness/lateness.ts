/** Quantiles of the lateness of timers, in milliseconds. All are 0 while nothing was measured. */
export type Lateness = {
	/** The median. */
	readonly p50: number;
	/** Exceeded by one in a hundred. */
	readonly p99: number;
	/** The largest. */
	readonly max: number;
};

const bucketMs = 0.5;
const bucketCount = 4000;

/** A histogram of lateness in memory that two threads share: one records, the other reads. */
export class LatenessHistogram {
	readonly memory: SharedArrayBuffer;
	readonly #counts: Uint32Array;

	/** @param memory Of another instance, to share its counts. */
	constructor(memory = new SharedArrayBuffer((bucketCount + 1) * Uint32Array.BYTES_PER_ELEMENT)) {
		this.memory = memory;
		this.#counts = new Uint32Array(memory);
	}

	/**
	 * Records a timer that is due every `everyMs` and fired `ms` late, together with all firings that were due in between, each
	 * less late than the one before. With a single sample, a long block would have too little weight compared with the calls
	 * that were due meanwhile.
	 */
	recordFrom(ms: number, everyMs: number): void {
		const most = Math.min(ms, bucketCount * bucketMs);
		for (let late = most; late > everyMs; late -= everyMs) this.record(late - everyMs);
		this.record(most);
	}

	record(ms: number): void {
		Atomics.add(this.#counts, Math.min(bucketCount, Math.max(0, Math.floor(ms / bucketMs))), 1);
	}

	/** Number of samples. */
	get samples(): number {
		return this.#counts.reduce((sum, count) => sum + count, 0);
	}

	/** Exact to half a millisecond, up to two seconds. */
	quantiles(): Lateness {
		const counts = this.#counts.slice();
		const total = counts.reduce((sum, count) => sum + count, 0);
		const quantile = (share: number): number => {
			let left = total * share;
			const bucket = counts.findIndex((count) => {
				left -= count;
				return count > 0 && left <= 0;
			});
			return Math.max(0, bucket) * bucketMs;
		};
		const highest = counts.findLastIndex((count) => count > 0);
		return {p50: quantile(0.5), p99: quantile(0.99), max: Math.max(0, highest) * bucketMs};
	}
}
