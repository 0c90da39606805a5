/** Share of sets in mixed traffic. */
export const writeShare = 0.1;

/** The settings of the caches of this process. */
export type Opening = {
	readonly url: string;
	readonly caches: number;
	/** `memory.coherence`; null: the default; `raw` and `bare`: bare commands with and without a `Map`, see `openRawCache`. */
	readonly coherence: string | null;
};

export type Traffic = {
	/**
	 * - `mixed`: gets and sets, on few popular and many rare keys
	 * - `misses`: `getOrSet` of new keys
	 * - `aside`: a `get` of a new key and then a `set`, together one call
	 */
	readonly kind: 'mixed' | 'misses' | 'aside';
	/** Calls a second of this process. */
	readonly rate: number;
	/** Time in which a machine that is not busy makes the calls, in milliseconds. */
	readonly ms: number;
	readonly keys: number;
};

export type Counts = {
	readonly calls: number;
	readonly hitsMemory: number;
	readonly hitsRedis: number;
	readonly misses: number;
	/** Calls that were answered without Redis. */
	readonly failed: number;
};
