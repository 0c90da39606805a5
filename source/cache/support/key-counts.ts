import {hashKey} from '../../pool/key-hash.js';

/** Places at first. A power of two, like all later numbers of places. */
const firstPlaces = 64;

/**
 * Counts for keys that come and go quickly: a hash table with open addressing, which is full at most by half.
 *
 * It allocates nothing for a key. A `Map` replaces its table again and again while keys pass through it, with the effect that
 * `UnorderedSet` describes.
 */
export class KeyCounts {
	#size = 0;
	/** Its length is a power of two. A key is at the place of its hash, or at one of the places after it, without a gap. */
	#keys: (string | undefined)[] = places(firstPlaces);
	#counts = new Uint32Array(firstPlaces);

	/** Number of keys with a count above 0. */
	get size(): number {
		return this.#size;
	}

	get(key: string): number {
		return this.#size === 0 ? 0 : (this.#counts[this.#find(key)] ?? 0);
	}

	/** @param hash That of the key, if it is known. */
	increase(key: string, hash?: number): void {
		const place = this.#find(key, hash);
		const count = this.#counts[place] ?? 0;
		this.#counts[place] = count + 1;
		if (count > 0) return;
		this.#keys[place] = key;
		this.#size++;
		if (this.#size * 2 > this.#keys.length) this.#resize(this.#keys.length * 2);
	}

	/**
	 * Nothing happens to a key whose count is 0.
	 *
	 * @param hash That of the key, if it is known.
	 */
	decrease(key: string, hash?: number): void {
		const place = this.#find(key, hash);
		const count = this.#counts[place] ?? 0;
		if (count === 0) return;
		this.#counts[place] = count - 1;
		if (count > 1) return;
		this.#size--;
		this.#close(place);
		// After a burst.
		if (this.#size === 0 && this.#keys.length > firstPlaces * 64) this.#resize(firstPlaces);
	}

	/** The place of the key, or the free one at which it would be put. */
	#find(key: string, hash = hashKey(key)): number {
		const mask = this.#keys.length - 1;
		let place = hash & mask;
		for (let there = this.#keys[place]; there !== undefined && there !== key; there = this.#keys[place])
			place = (place + 1) & mask;
		return place;
	}

	/** Frees a place: keys behind it that would not be found any more move up. */
	#close(freed: number): void {
		const mask = this.#keys.length - 1;
		let gap = freed;
		let place = (gap + 1) & mask;
		for (let key = this.#keys[place]; key !== undefined; key = this.#keys[place]) {
			const distance = (place - (hashKey(key) & mask)) & mask;
			if (distance >= ((place - gap) & mask)) {
				this.#keys[gap] = key;
				this.#counts[gap] = this.#counts[place] ?? 0;
				gap = place;
			}
			place = (place + 1) & mask;
		}
		this.#keys[gap] = undefined;
		this.#counts[gap] = 0;
	}

	#resize(length: number): void {
		const keys = this.#keys;
		const counts = this.#counts;
		this.#keys = places(length);
		this.#counts = new Uint32Array(length);
		for (const [index, key] of keys.entries()) {
			if (key === undefined) continue;
			const place = this.#find(key);
			this.#keys[place] = key;
			this.#counts[place] = counts[index] ?? 0;
		}
	}
}

function places(length: number): (string | undefined)[] {
	return Array.from({length}, () => undefined);
}
