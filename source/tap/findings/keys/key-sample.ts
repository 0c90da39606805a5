import type {KnownKey} from '../../known-keys.js';

/** Record of one key of the sample. */
export type SampledKey = {
	/** Hash of the known key. */
	readonly hash: number;
	/** Number of sets, and of those that followed a miss. */
	sets: number;
	fills: number;
	/** Number of reads, and of hits among them. */
	reads: number;
	hits: number;
	/** Misses in a row since the key was last known to exist. */
	missesInRow: number;
	/** `unknown` also if the key may have got a TTL before the tap began. */
	ttl: 'none' | 'given' | 'unknown';
	/** True from a set until a delete. */
	isThere: boolean;
	/** True once it was removed by the application. */
	wasDeleted: boolean;
};

/** Most keys in one sample: estimates from it have an error of 6 to 9 %. */
export const maxSampledKeys = 256;

/**
 * A uniform sample of the distinct keys of a pattern, independent of their number and of how often each is used: those
 * whose hash ends in `bits` zeros (Gibbons, "Distinct Sampling", 2001). A key in the sample was followed from its first
 * use on.
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

	/** The record of a key; undefined if it is not in the sample. */
	recordOf({id, hash}: Pick<KnownKey, 'id' | 'hash'>): SampledKey | undefined {
		if ((hash & this.#mask) !== 0) return undefined;
		const sampled = this.#keys.get(id);
		if (sampled !== undefined) return sampled;
		const record: SampledKey = {
			hash,
			sets: 0,
			fills: 0,
			reads: 0,
			hits: 0,
			missesInRow: 0,
			ttl: 'unknown',
			isThere: false,
			wasDeleted: false,
		};
		this.#keys.set(id, record);
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
		for (const [id, {hash}] of this.#keys) if ((hash & this.#mask) !== 0) this.#keys.delete(id);
	}
}
