import type {MemoryTier} from '../memory/memory-tier.js';
import type {KeyBuilder} from './key-builder.js';

/** A namespace: its names in Redis and its entries in memory. */
export type Namespace = {
	readonly keys: KeyBuilder;
	/** `undefined`: the memory tier is off. */
	readonly tier: MemoryTier | undefined;
};
