/** Most keys or patterns that are counted at the same time. */
const maxCounted = 64;

/**
 * Counts by key or pattern, and keeps the largest counts (the space-saving algorithm of Metwally): when it is full, a new key
 * replaces the one with the smallest count and continues that count, so that a count is too high by at most the smallest one.
 */
export class WorstKeys {
	readonly #counts = new Map<string, number>();

	constructor(readonly limit = maxCounted) {}

	add(key: string, count = 1): void {
		const known = this.#counts.get(key);
		if (known !== undefined) {
			this.#counts.set(key, known + count);
		} else if (this.#counts.size < this.limit) {
			this.#counts.set(key, count);
		} else {
			let smallest: [string, number] | undefined;
			for (const entry of this.#counts) if (smallest === undefined || entry[1] < smallest[1]) smallest = entry;
			if (smallest === undefined) return;
			this.#counts.delete(smallest[0]);
			this.#counts.set(key, smallest[1] + count);
		}
	}

	/** The largest first. */
	worst(): readonly (readonly [key: string, count: number])[] {
		return [...this.#counts].sort((left, right) => right[1] - left[1]);
	}

	names(): readonly string[] {
		return this.worst().map(([key]) => key);
	}
}
