/** Most keys that are listed. */
const maxListed = 20;

export type BigValue = {
	readonly key: string;
	/** Bytes on the wire, including protocol framing. */
	readonly bytes: number;
};

/** The keys with the largest values that were seen on the wire, each with its largest one. */
export class BigValues {
	readonly #sizes = new Map<string, number>();
	/** Smallest listed size: a smaller value is ignored, unless its key is listed. */
	#least = 0;

	see(key: string, bytes: number): void {
		if (bytes <= this.#least) return;
		const known = this.#sizes.get(key);
		if (known !== undefined && known >= bytes) return;
		this.#sizes.set(key, bytes);
		if (this.#sizes.size <= maxListed) return;
		let smallest = key;
		let least = bytes;
		for (const [other, size] of this.#sizes) {
			if (size > least) continue;
			smallest = other;
			least = size;
		}
		this.#sizes.delete(smallest);
		this.#least = Math.min(...this.#sizes.values());
	}

	/** In descending order. */
	list(): readonly BigValue[] {
		return [...this.#sizes].map(([key, bytes]) => ({key, bytes})).sort((one, other) => other.bytes - one.bytes);
	}
}
