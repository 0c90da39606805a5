import {hashKey} from '../../../pool/key-hash.js';

/** Keys up to which each is looked at: most commands of one caller, and in a cluster, have one or two. */
const fewKeys = 4;

/** A power of two. A command has at most 256 keys and some markers. */
const buckets = 128;

/**
 * The keys of a command, each of them once, and their positions. A `Map` would grow five times on the way to a full command, and
 * flatten each key, which is a prefix and what the caller has given, to hash it.
 */
export class KeyPositions {
	readonly keys: string[] = [];
	readonly #hashes: number[] = [];
	/** The last position in each bucket; `undefined` while there are few keys. */
	#lastIn: number[] | undefined;
	/** By position: the one before it in its bucket; -1: none. */
	readonly #before: number[] = [];

	/**
	 * The position of a key, which is added if it is not there.
	 *
	 * @param part The part that distinguishes it from most others: the key without its prefix. Always the same part of the same key.
	 */
	add(redisKey: string, part: string): number {
		const hash = hashKey(part) & 0x3f_ff_ff_ff;
		const known = this.#find(redisKey, hash);
		if (known >= 0) return known;
		const position = this.keys.push(redisKey) - 1;
		this.#hashes.push(hash);
		if (this.#lastIn !== undefined) this.#link(this.#lastIn, position, hash);
		else if (position >= fewKeys) this.#buildBuckets();
		return position;
	}

	/** @returns -1: it is not there. */
	#find(redisKey: string, hash: number): number {
		const {keys} = this;
		const hashes = this.#hashes;
		if (this.#lastIn === undefined) {
			for (let at = 0; at < keys.length; at++) if (hashes[at] === hash && keys[at] === redisKey) return at;
			return -1;
		}
		let at = this.#lastIn[hash % buckets] as number;
		while (at >= 0 && !(hashes[at] === hash && keys[at] === redisKey)) at = this.#before[at] as number;
		return at;
	}

	#buildBuckets(): void {
		const lastIn: number[] = new Array(buckets).fill(-1);
		this.#lastIn = lastIn;
		for (const [position, hash] of this.#hashes.entries()) this.#link(lastIn, position, hash);
	}

	#link(lastIn: number[], position: number, hash: number): void {
		this.#before.push(lastIn[hash % buckets] as number);
		lastIn[hash % buckets] = position;
	}
}
