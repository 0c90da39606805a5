import type {KeySpace} from './keys.js';
import type {MemoryTier} from './memory-tier.js';

/** A namespace: its names in Redis and its entries in memory. */
export type Space = {
	readonly keys: KeySpace;
	/** `undefined`: the memory tier is off. */
	readonly tier: MemoryTier | undefined;
};
