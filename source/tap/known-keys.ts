import type {Load} from './findings/loads/load.js';
import {KeyPatterns} from './patterns.js';
import {RecentMap} from './sketches/recent-map.js';
import type {KeyCounter} from './statistics/frequent-keys.js';

/** Limit of known keys. The half of them that was used last is never dropped. */
const maxKnown = 24_576;

/**
 * A recently used key, with its known state. It is looked up once for a command and shared by all rules: with many
 * keys, each lookup misses the processor's caches.
 */
export class KnownKey {
	/** Its pattern, which was right when `KeyPatterns` had this version. */
	pattern = '';
	patternVersion = -1;
	/** Its misses and changes since it was last known to exist; undefined if there are none that matter. */
	load: Load | undefined;
	/** Its counts as a key that was read, and as one that was read and there. */
	reads: KeyCounter | undefined;
	hits: KeyCounter | undefined;
	/** Misses in a row, with no value seen or set in between. */
	missesInRow = 0;
	/** Of these, the ones that came again: sent some time after the reply to the one before; and the time of that reply. */
	missesAgain = 0;
	missedAt = 0;
	/** Spread over all 32 bits, the same for the same `id`. */
	readonly hash: number;

	/**
	 * @param key As in `CommandEvent`.
	 * @param id Tells it apart from the same key in another database.
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

/** The keys that were used lately. */
export class KnownKeys {
	readonly patterns = new KeyPatterns();
	readonly #keys = new RecentMap<KnownKey>(maxKnown);
	/** The key looked up last: statistics and findings look up the same key, one after the other. */
	#last = new KnownKey('', '');

	/** @param key As in `CommandEvent`, and so is `db`. */
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

/** FNV-1a with the finish of MurmurHash3, so that the low bits depend on all of the key. */
function hashOf(key: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}
