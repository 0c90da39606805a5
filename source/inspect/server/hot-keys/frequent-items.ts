/** An item with a bound on how often it was added: at least `count`, at most `count` and the error of all items. */
export type FrequentItem = {readonly item: string; readonly count: number};

/**
 * Finds the most frequent of any number of items in bounded memory: the Misra-Gries algorithm, in batches. Its counts have the
 * same error bounds as those of a space-saving sketch. An item that makes up more than 1 / `capacity` of all is always found.
 */
export class FrequentItems {
	readonly #capacity: number;
	readonly #counts = new Map<string, number>();
	#error = 0;
	#total = 0;

	/** @param capacity Number of items that are kept when the counters are reduced; in between, up to twice as many. */
	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Total of all added items. */
	get total(): number {
		return this.#total;
	}

	/** Maximum by which any count is too low. */
	get error(): number {
		return this.#error;
	}

	add(item: string): void {
		this.#total++;
		const count = this.#counts.get(item);
		if (count === undefined && this.#counts.size >= 2 * this.#capacity) this.#makeFree();
		this.#counts.set(item, (count ?? 0) + 1);
	}

	/** The most frequent items, in descending order. */
	top(limit: number): readonly FrequentItem[] {
		return [...this.#counts]
			.map(([item, count]) => ({item, count}))
			.sort((a, b) => b.count - a.count)
			.slice(0, limit);
	}

	/** Reduces all counts by that of the item after the first `capacity` ones, and drops items whose count becomes 0 or less. */
	#makeFree(): void {
		const sorted = [...this.#counts.values()].sort((a, b) => b - a);
		const cut = sorted[this.#capacity] ?? 0;
		this.#error += cut;
		for (const [item, count] of this.#counts) {
			if (count > cut) this.#counts.set(item, count - cut);
			else this.#counts.delete(item);
		}
	}
}
