import {hashKey} from '../../pool/key-hash.js';

/** Places at first. A power of two, like all later numbers of places. */
const firstPlaces = 64;

/** With this many places or more, the table of a burst is dropped once it is empty. */
const manyPlaces = firstPlaces * 64;

/**
 * Counters for keys that come and go quickly: a hash table with open addressing and a load factor of at most one half.
 *
 * It allocates nothing per key, and accepts a precomputed hash. A `Map` reallocates its table repeatedly as keys pass through
 * it, with the effect that `UnorderedSet` describes, and hashes each new string by a call out of compiled code.
 */
export class KeyCounts {
	#size = 0;
	/** The length is a power of two. A key is in the slot of its hash, or in a later one with no free slot in between. */
	#keys: (string | undefined)[];
	#hashes: Uint32Array;
	#counts: Uint32Array;

	/** @param expected Number of keys to allocate for. */
	constructor(expected = 0) {
		let places = firstPlaces;
		while (places < 2 * expected) places *= 2;
		this.#keys = freePlaces(places);
		this.#hashes = new Uint32Array(places);
		this.#counts = new Uint32Array(places);
	}

	/** Number of keys with a count above 0. */
	get size(): number {
		return this.#size;
	}

	get(key: string): number {
		return this.#size === 0 ? 0 : (this.#counts[this.#find(key, hashKey(key))] ?? 0);
	}

	/** @param hash Hash of the key, if it is already computed. */
	increase(key: string, hash = hashKey(key)): void {
		const place = this.#find(key, hash);
		const count = this.#counts[place] ?? 0;
		this.#counts[place] = count + 1;
		if (count === 0) this.#added(place, key, hash);
	}

	/** Like `increase`, but never beyond 1. */
	add(key: string, hash = hashKey(key)): void {
		const place = this.#find(key, hash);
		if (this.#counts[place] !== 0) return;
		this.#counts[place] = 1;
		this.#added(place, key, hash);
	}

	/**
	 * Has no effect on a key whose count is 0.
	 *
	 * @param hash Hash of the key, if it is already computed.
	 */
	decrease(key: string, hash = hashKey(key)): void {
		const place = this.#find(key, hash);
		const count = this.#counts[place] ?? 0;
		if (count === 0) return;
		this.#counts[place] = count - 1;
		if (count > 1) return;
		this.#size--;
		this.#close(place);
		if (this.#size === 0 && this.#keys.length > manyPlaces) this.#resize(firstPlaces);
	}

	/** The keys, in no particular order. Do not change counts while iterating. */
	*[Symbol.iterator](): IterableIterator<string> {
		for (const key of this.#keys) if (key !== undefined) yield key;
	}

	/** The slot of the key, or the free slot where it would be inserted. */
	#find(key: string, hash: number): number {
		const keys = this.#keys;
		const mask = keys.length - 1;
		let place = hash & mask;
		for (let there = keys[place]; there !== undefined; there = keys[place]) {
			if (this.#hashes[place] === hash && there === key) return place;
			place = (place + 1) & mask;
		}
		return place;
	}

	#added(place: number, key: string, hash: number): void {
		this.#keys[place] = key;
		this.#hashes[place] = hash;
		this.#size++;
		if (this.#size * 2 > this.#keys.length) this.#resize(this.#keys.length * 2);
	}

	/** Frees a slot, and moves later keys up that would no longer be found. */
	#close(freed: number): void {
		const mask = this.#keys.length - 1;
		let gap = freed;
		for (let place = (gap + 1) & mask; this.#keys[place] !== undefined; place = (place + 1) & mask) {
			const distance = (place - (this.#hashes[place] ?? 0)) & mask;
			if (distance < ((place - gap) & mask)) continue;
			this.#move(place, gap);
			gap = place;
		}
		this.#keys[gap] = undefined;
		this.#counts[gap] = 0;
	}

	#move(from: number, to: number): void {
		this.#keys[to] = this.#keys[from];
		this.#hashes[to] = this.#hashes[from] ?? 0;
		this.#counts[to] = this.#counts[from] ?? 0;
	}

	#resize(length: number): void {
		const keys = this.#keys;
		const hashes = this.#hashes;
		const counts = this.#counts;
		this.#keys = freePlaces(length);
		this.#hashes = new Uint32Array(length);
		this.#counts = new Uint32Array(length);
		for (let index = 0; index < keys.length; index++) {
			const key = keys[index];
			if (key === undefined) continue;
			const hash = hashes[index] ?? 0;
			const place = this.#find(key, hash);
			this.#keys[place] = key;
			this.#hashes[place] = hash;
			this.#counts[place] = counts[index] ?? 0;
		}
	}
}

function freePlaces(length: number): (string | undefined)[] {
	return new Array<string | undefined>(length).fill(undefined);
}
