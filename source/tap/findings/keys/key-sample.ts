/** What is known of one key of the sample. */
export type SampledKey = {
	/** Times it was set, and sets among them that followed a miss. */
	sets: number;
	fills: number;
	/** Times it was asked for, and that it was there. */
	reads: number;
	hits: number;
	/** Misses in a row since it was last seen to be there. */
	missesInRow: number;
	/** `unknown` also if it had one before the tap could see it. */
	ttl: 'none' | 'given' | 'unknown';
	/** True from a set on until a delete. */
	isThere: boolean;
	/** True once it was removed by the application. */
	wasDeleted: boolean;
};

/** Keys in one sample: an estimate from it is off by 6 to 9 %. */
export const maxSampledKeys = 256;

/**
 * A uniform sample of the distinct keys of a pattern, whatever their number and however often each is used: those whose
 * hash ends in `bits` zeros (Gibbons, "Distinct Sampling", 2001). Whoever is in it was seen from its first use on.
 */
export class KeySample {
	#keys = new Map<string, SampledKey>();
	#mask = 0;

	/** Distinct keys for each one of the sample. */
	get scale(): number {
		return this.#mask + 1;
	}

	keys(): IterableIterator<SampledKey> {
		return this.#keys.values();
	}

	entries(): IterableIterator<[string, SampledKey]> {
		return this.#keys.entries();
	}

	/** The record of a key; undefined if it is not in the sample. */
	recordOf(key: string): SampledKey | undefined {
		if (this.#mask > 0 && (hashOf(key) & this.#mask) !== 0) return undefined;
		const known = this.#keys.get(key);
		if (known !== undefined) return known;
		const record: SampledKey = {
			sets: 0,
			fills: 0,
			reads: 0,
			hits: 0,
			missesInRow: 0,
			ttl: 'unknown',
			isThere: false,
			wasDeleted: false,
		};
		this.#keys.set(key, record);
		if (this.#keys.size > maxSampledKeys) this.#thin();
		return record;
	}

	/** Takes over the keys of another sample. */
	merge(other: KeySample): void {
		this.#mask = Math.max(this.#mask, other.#mask);
		for (const [key, record] of other.#keys) this.#keys.set(key, record);
		this.#keep();
		while (this.#keys.size > maxSampledKeys) this.#thin();
	}

	/** Estimated number of distinct keys for which `test` holds. */
	estimate(test: (key: SampledKey) => boolean): number {
		let count = 0;
		for (const key of this.#keys.values()) if (test(key)) count++;
		return count * this.scale;
	}

	#thin(): void {
		this.#mask = this.#mask * 2 + 1;
		this.#keep();
	}

	#keep(): void {
		if (this.#mask === 0) return;
		for (const key of this.#keys.keys()) if ((hashOf(key) & this.#mask) !== 0) this.#keys.delete(key);
	}
}

/** FNV-1a with the finish of MurmurHash3, so that the low bits depend on all of the key. */
function hashOf(key: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}
