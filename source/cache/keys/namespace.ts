/** `keys/`: the limits of keys, and their names in Redis. */
import type {MemoryTier} from '../memory/memory-tier.js';

/**
 * A namespace: the names of its keys in Redis, and its entries in memory.
 *
 * Entries are stored under `prefix:namespace:key`, markers under `prefix:!{namespace}` (the generation, for `clear`),
 * `prefix:!{namespace}:` (the counter of invalidated tags) and `prefix:!{namespace}:tag` (for `invalidateTags`). No namespace
 * starts with `!`, so the two never collide. Because of the braces, the markers of a namespace share a slot in a cluster, so
 * that one script can change several of them at once.
 */
export class Namespace {
	/** Redis keys of its entries start with this. */
	readonly entryPrefix: string;
	/** Redis key of its generation. */
	readonly generationKey: string;
	/** Redis key of its counter of tag invalidations. The keys of its tags start with it; no tag is empty. */
	readonly counterKey: string;

	/** True if memory has answered a read since the generation was last touched in Redis. */
	isUsed = false;
	/** Recent share of misses among the reads of `getOrSet` that Redis has answered: see `ExpectedMisses`. */
	missShare = 0;

	constructor(
		prefix: string,
		readonly name: string,
		/** `undefined`: the memory tier is off. */
		readonly tier: MemoryTier | undefined,
	) {
		this.entryPrefix = `${prefix}:${name}:`;
		this.generationKey = `${prefix}:!{${name}}`;
		this.counterKey = `${this.generationKey}:`;
	}

	/** Redis key of an entry. */
	redisKey(key: string): string {
		return this.entryPrefix + key;
	}

	/** Redis key of a tag's marker. */
	tagKey(tag: string): string {
		return this.counterKey + tag;
	}
}
