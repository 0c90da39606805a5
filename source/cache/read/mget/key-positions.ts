import {hashKey} from '../../../pool/key-hash.js';
import {appended} from '../../support/appended.js';

/** Up to this many keys, the search is linear: most commands of a single caller, or in a cluster, have one or two keys. */
const fewKeys = 4;

/** A power of two. A command has at most 256 keys and some markers. */
const buckets = 128;

/** The positions of many keys, by their hashes. */
type Table = {
	/** By position. */
	readonly hashes: number[];
	/** By position: the previous position in the same bucket; -1 if there is none. */
	readonly before: number[];
	/** The last position in each bucket. */
	readonly lastIn: number[];
};

/**
 * The distinct keys of a command, and their positions. A `Map` would grow five times on the way to a full command, and would
 * have to flatten each key (a concatenated string) to hash it.
 */
export class KeyPositions {
	#keys: string[] = [];
	/** The distinguishing part of each key, while they are few. */
	#parts: string[] = [];
	/** `undefined` while there are few keys. */
	#table: Table | undefined;

	get keys(): readonly string[] {
		return this.#keys;
	}

	/**
	 * The position of a key, which is added if it is not there.
	 *
	 * @param part The part that distinguishes it from most others: the key without its prefix. Always the same part of the same key.
	 */
	add(redisKey: string, part: string): number {
		const table = this.#table;
		return table === undefined ? this.#addToFew(redisKey, part) : this.#addToMany(table, redisKey, part);
	}

	#addToFew(redisKey: string, part: string): number {
		const keys = this.#keys;
		const parts = this.#parts;
		const count = keys.length;
		for (let at = 0; at < count; at++) if (parts[at] === part && keys[at] === redisKey) return at;
		this.#keys = appended(keys, redisKey);
		this.#parts = appended(parts, part);
		if (count === fewKeys) this.#table = tableOf(this.#parts);
		return count;
	}

	#addToMany(table: Table, redisKey: string, part: string): number {
		const hash = hashOf(part);
		const {hashes, before, lastIn} = table;
		const keys = this.#keys;
		let at = lastIn[hash % buckets] as number;
		while (at >= 0 && !(hashes[at] === hash && keys[at] === redisKey)) at = before[at] as number;
		if (at >= 0) return at;
		link(table, keys.length, hash);
		return keys.push(redisKey) - 1;
	}
}

function tableOf(parts: readonly string[]): Table {
	const table: Table = {hashes: [], before: [], lastIn: new Array(buckets).fill(-1)};
	for (const [position, part] of parts.entries()) link(table, position, hashOf(part));
	return table;
}

function link({hashes, before, lastIn}: Table, position: number, hash: number): void {
	hashes.push(hash);
	before.push(lastIn[hash % buckets] as number);
	lastIn[hash % buckets] = position;
}

function hashOf(part: string): number {
	return hashKey(part) & 0x3f_ff_ff_ff;
}
