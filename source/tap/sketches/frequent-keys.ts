/** Count of one key, at least; the true one is higher by at most `FrequentKeys.error`. */
export type FrequentKey = {
	count: number;
	/** Different seconds in which it was counted. */
	seconds: number;
	second: number;
};

/**
 * Finds the keys that make up a large share of many (the algorithm of Misra and Gries): every key with more than one in
 * `limit + 1` of all counts is there. Takes constant time for each count on average, however many keys there are.
 */
export class FrequentKeys {
	readonly #keys = new Map<string, FrequentKey>();
	readonly #limit: number;
	#total = 0;
	#error = 0;

	/** @param limit Keys that are kept. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Everything that was counted. */
	get total(): number {
		return this.#total;
	}

	/** Most that a count is too low by. */
	get error(): number {
		return this.#error;
	}

	/** @param at Milliseconds. */
	add(key: string, at: number): void {
		this.#total++;
		const second = Math.floor(at / 1000);
		const known = this.#keys.get(key);
		if (known !== undefined) {
			known.count++;
			if (known.second !== second) {
				known.second = second;
				known.seconds++;
			}
		} else if (this.#keys.size < this.#limit) {
			this.#keys.set(key, {count: 1, seconds: 1, second});
		} else {
			this.#error++;
			for (const [other, entry] of this.#keys) if (--entry.count === 0) this.#keys.delete(other);
		}
	}

	/** The most frequent first. */
	top(): readonly (readonly [key: string, entry: Readonly<FrequentKey>])[] {
		return [...this.#keys].sort((left, right) => right[1].count - left[1].count);
	}
}
