/** Keys that are counted at the same time. */
const maxCounted = 2048;

export type FrequentKey = {readonly key: string; readonly count: number};

/**
 * Finds the keys that occur most, with bounded memory whatever their number (Misra and Gries, with decrements in
 * batches): when there are too many counters, the median of the counts is taken off all of them, and those that are used
 * up are dropped. A count is too low by at most `error`, which is at most one 1024th of all that was counted. Up to 2048
 * different keys, counts are exact.
 */
export class FrequentKeys {
	/** The most that any count may be too low by. */
	error = 0;
	readonly #counts = new Map<string, number>();

	count(key: string): void {
		const count = this.#counts.get(key);
		this.#counts.set(key, (count ?? 0) + 1);
		if (count === undefined && this.#counts.size > maxCounted) this.#decrement();
	}

	/** The most frequent keys, in falling order. */
	top(size: number): readonly FrequentKey[] {
		return [...this.#counts]
			.map(([key, count]) => ({key, count}))
			.sort((one, other) => other.count - one.count)
			.slice(0, size);
	}

	#decrement(): void {
		const sorted = Float64Array.from(this.#counts.values()).sort();
		const median = sorted[Math.floor(sorted.length / 2)] ?? 1;
		this.error += median;
		for (const [key, count] of this.#counts) {
			if (count > median) this.#counts.set(key, count - median);
			else this.#counts.delete(key);
		}
	}
}
