/** `keys/`: the limits of keys, and their names in Redis. */
import type {MemoryTier} from '../memory/memory-tier.js';

/**
 * A namespace: the names of its keys in Redis, and its entries in memory.
 *
 * Entries are stored under `prefix:namespace:key`. Invalidation times are stored under `prefix:!namespace` (for `clear`) and
 * `prefix:!namespace:tag` (for `invalidateTags`). No namespace starts with `!`, so the two never collide.
 */
export class Namespace {
	/** Redis keys of its entries start with this. */
	readonly entryPrefix: string;
	/** Redis key of its invalidation time. */
	readonly timeKey: string;

	constructor(
		prefix: string,
		readonly name: string,
		/** `undefined`: the memory tier is off. */
		readonly tier: MemoryTier | undefined,
	) {
		this.entryPrefix = `${prefix}:${name}:`;
		this.timeKey = `${prefix}:!${name}`;
	}

	/** Redis key of an entry. */
	redisKey(key: string): string {
		return this.entryPrefix + key;
	}

	/** Redis key of a tag's invalidation time. */
	tagTimeKey(tag: string): string {
		return `${this.timeKey}:${tag}`;
	}

	/** Stands for all tags of the namespace in the change clock. No tag is empty, so no Redis key has this name. */
	get anyTagTimeKey(): string {
		return `${this.timeKey}:`;
	}
}
