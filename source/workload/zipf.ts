/**
 * Samples ranks from 0 to `size` - 1 by Zipf's law: rank r has a weight of 1 / (r + 1)^exponent. Exponent 0 is uniform.
 */
export class ZipfSampler {
	readonly #cumulative: Float64Array;

	constructor(
		readonly size: number,
		exponent: number,
	) {
		this.#cumulative = new Float64Array(size);
		let sum = 0;
		for (let rank = 0; rank < size; rank++) {
			sum += 1 / (rank + 1) ** exponent;
			this.#cumulative[rank] = sum;
		}
	}

	/** @param chance A random number from 0 to 1, 1 excluded. */
	sample(chance: number): number {
		const cumulative = this.#cumulative;
		const target = chance * (cumulative[this.size - 1] ?? 0);
		let low = 0;
		let high = this.size - 1;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((cumulative[middle] ?? 0) > target) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}
