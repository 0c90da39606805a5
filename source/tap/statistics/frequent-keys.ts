/** Most keys that are counted at the same time. */
const maxCounted = 2048;

export type FrequentKey = {readonly key: string; readonly count: number};

/** The count of one key. A counter at 0 was dropped. */
export type KeyCounter = {readonly key: string; count: number};

/**
 * Finds the most frequent keys with bounded memory (Misra and Gries, with decrements in batches): when there are too many
 * counters, the median of the counts is subtracted from all of them, and those at 0 are dropped. A count is too low by at most
 * `error`, which is at most 1/1024 of the total. Up to 2048 different keys, counts are exact.
 */
export class FrequentKeys {
	/** Upper bound of the error of any count, which is never too high. */
	error = 0;
	#counters: KeyCounter[] = [];
	/** The counters by key; rebuilt on demand after a decrement. */
	#byKey: Map<string, KeyCounter> | undefined;

	/**
	 * Counts a key.
	 *
	 * @param last The result of the last call for this key, which saves a lookup; undefined if unknown.
	 */
	count(key: string, last?: KeyCounter): KeyCounter {
		const counter = last !== undefined && last.count > 0 ? last : this.#find(key);
		if (counter !== undefined) {
			counter.count++;
			return counter;
		}
		const added = {key, count: 1};
		this.#byKey?.set(key, added);
		this.#counters.push(added);
		if (this.#counters.length > maxCounted) this.#decrement();
		return added;
	}

	/** The most frequent keys, in descending order. */
	top(size: number): readonly FrequentKey[] {
		return this.#counters
			.map(({key, count}) => ({key, count}))
			.sort((one, other) => other.count - one.count)
			.slice(0, size);
	}

	#find(key: string): KeyCounter | undefined {
		this.#byKey ??= new Map(this.#counters.map((counter) => [counter.key, counter]));
		return this.#byKey.get(key);
	}

	#decrement(): void {
		const counts = Float64Array.from(this.#counters, ({count}) => count).sort();
		const median = counts[Math.floor(counts.length / 2)] ?? 1;
		this.error += median;
		for (const counter of this.#counters) counter.count = Math.max(0, counter.count - median);
		this.#counters = this.#counters.filter(({count}) => count > 0);
		this.#byKey = undefined;
	}
}
