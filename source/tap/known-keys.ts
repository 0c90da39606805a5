import type {Load} from './findings/loads/load.js';
import {KeyPatterns} from './patterns.js';
import {RecentMap} from './sketches/recent-map.js';
import type {KeyCounter} from './statistics/frequent-keys.js';

/** Limit of known keys. The most recently used half is never dropped. */
const maxKnown = 24_576;

/**
 * A recently used key, with its known state. It is looked up once per command and shared by all rules: with many keys, each
 * lookup misses the CPU caches.
 */
export class KnownKey {
	/** Its pattern, valid for this version of `KeyPatterns`. */
	pattern = '';
	patternVersion = -1;
	/** Its misses and changes since it was last known to exist; undefined if there are no relevant ones. */
	load: Load | undefined;
	/** Its counters among the most frequently read and the most frequently hit keys. */
	reads: KeyCounter | undefined;
	hits: KeyCounter | undefined;
	/** Misses in a row, with no value seen or set in between. */
	missesInRow = 0;
	/**
	 * The misses among these that were repeated some time after the reply to the previous one, and the time of the last reply.
	 */
	missesAgain = 0;
	missedAt = 0;
	/** Hash over all 32 bits, equal for equal `id`s. */
	readonly hash: number;

	/**
	 * @param key Name of the key, as in `CommandEvent`.
	 * @param id Distinguishes it from the same key in another database.
	 */
	constructor(
		readonly key: string,
		readonly id: string,
	) {
		this.hash = hashOf(id);
	}
}

/** The pattern of a key of a database, both as in `CommandEvent`. */
export type PatternOf = (key: string, db: number) => string;

/** The recently used keys. */
export class KnownKeys {
	readonly patterns = new KeyPatterns();
	readonly #keys = new RecentMap<KnownKey>(maxKnown);
	/** The key looked up last: statistics and findings look up the same key, one after the other. */
	#last = new KnownKey('', '');

	/** @param key Name of the key; both parameters are as in `CommandEvent`. */
	of(key: string, db: number): KnownKey {
		const id = db === 0 ? key : `${db} ${key}`;
		const known = id === this.#last.id ? this.#last : (this.#keys.get(id) ?? this.#add(key, id));
		if (known.patternVersion !== this.patterns.version) {
			known.pattern = this.patterns.patternOf(key);
			known.patternVersion = this.patterns.version;
		}
		this.#last = known;
		return known;
	}

	#add(key: string, id: string): KnownKey {
		const known = new KnownKey(key, id);
		this.#keys.set(id, known);
		return known;
	}
}

/** FNV-1a with the finalizer of MurmurHash3, so that the low bits depend on the whole key. */
function hashOf(key: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}
