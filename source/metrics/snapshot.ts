import type {DurationHistogram, LatencySummary} from './durations.js';
import type {PoolSnapshot} from './pool-snapshot.js';
import type {TtlHistogram} from './ttl-histogram.js';

/** The modes of a cache: Redis is in use; Redis is unreachable and not used; Redis is back and being reconciled. */
export type Mode = 'connected' | 'fallback' | 'recovering';

/** A change of the mode. */
export type ModeChange = {
	/** The new mode. */
	readonly mode: Mode;
	/** Start of the mode, Unix time in milliseconds. */
	readonly at: number;
	/** The reason in a few words: `'3 deadlines missed in a row'`. */
	readonly reason: string;
};

/** Counts of the nodes of a cluster that have slots. */
export type NodeCounts = {
	/** Nodes in use. */
	readonly inUse: number;
	/** All nodes. */
	readonly total: number;
};

/** A node of a cluster: a master that has slots. */
export type NodeSnapshot = {
	/** Address that the cluster announces: `10.0.0.7:6379`. */
	readonly address: string;
	/** Its own mode: while one node is in `fallback`, only its keys are answered without Redis. */
	readonly mode: ModeChange;
	/** Number of its slots, of 16,384. */
	readonly slots: number;
	/** Addresses of its replicas. */
	readonly replicas: readonly string[];
	/**
	 * Approximate milliseconds by which its clock is ahead of that of this process; negative: behind. Undefined before it was
	 * measured.
	 */
	readonly clockOffsetMs: number | undefined;
	/** How its keys in memory are kept coherent, see `MemorySnapshot`. Also `ttl` while no invalidation messages arrive. */
	readonly coherence: MemorySnapshot['coherence'];
};

/**
 * A kind of command that Redis refuses although it answers and is in use: a right is missing, a command was renamed, or its
 * memory or disk is full. Refused changes stay in this process, and other processes still read the previous values.
 */
export type Restriction = {
	/** The refused commands. `reads` and `writes` may be refused for some keys only. */
	readonly what: 'reads' | 'writes';
	/** When it began, Unix time in milliseconds. */
	readonly at: number;
	/** The error reply of Redis, and what to do about it. */
	readonly reason: string;
};

/** Counts since the cache was created. Counters only grow. */
export type CacheCounters = {
	/** Reads that memory answered. */
	readonly hitsMemory: number;
	/** Reads that Redis answered. */
	readonly hitsRedis: number;
	/**
	 * Values served past their TTL, within `grace`. One served by `get` also counts as a hit of its tier; one served by
	 * `getOrSet`, because the loader failed or was slow, also counts as a miss.
	 */
	readonly hitsStale: number;
	/** Reads that found no fresh value. */
	readonly misses: number;
	/** Loader runs. */
	readonly loads: number;
	/** Loader runs that failed or timed out. */
	readonly loadErrors: number;
	/** Loader runs that were refused, with a `LoadQueueFullError`, because `loader.queue` was full. */
	readonly loadsRejected: number;
	/** Reads answered with the stale value at once, because the loader had failed less than `loader.retryAfter` ago. */
	readonly loadsPaused: number;
	/** Loaded values that were not stored, because the key had changed since the load began. */
	readonly fillsRefused: number;
	/** Keys set, in Redis or only in memory. Values that loaders load are not counted. */
	readonly sets: number;
	/** Keys deleted, in Redis or only in memory. */
	readonly deletes: number;
	/** Calls of `invalidateTags` and `clear`. */
	readonly invalidations: number;
	/** Entries that the memory tier dropped because it was full. */
	readonly evictions: number;
	/** Commands that were not answered within their deadline. */
	readonly timeouts: number;
	/** Commands that failed for any other reason. */
	readonly errors: number;
	/** Commands not sent because a local queue was full. Their calls were answered without Redis. */
	readonly shed: number;
	/** Entries that could not be decoded, counted as misses. */
	readonly corrupt: number;
	/** Writes that reached Redis after their deadline and had no effect. */
	readonly lateWrites: number;
	/** Number of times that the clock of Redis was set. */
	readonly clockSteps: number;
	/** MGET commands sent. */
	readonly batches: number;
	/** Keys read by them. */
	readonly batchedKeys: number;
	/** Bytes of values, encoded and compressed, that Redis did not have to send because memory answered. */
	readonly savedBytes: number;
};

/** Loaders in this process. */
export type LoadsSnapshot = {
	/** Running loaders; one of `getOrSetMany` counts once. */
	readonly running: number;
	/** Loads that wait because of `loader.concurrency`. */
	readonly waiting: number;
	/** Maximum number of running loaders: `loader.concurrency`. `Infinity`: no limit. */
	readonly maxRunning: number;
	/** Maximum number of waiting loads: `loader.queue`. */
	readonly maxWaiting: number;
};

/** The journal: changes that Redis may not have. */
export type JournalSnapshot = {
	/** Dirty keys: their latest change by this process may not be in Redis. */
	readonly size: number;
	/** Maximum size. */
	readonly limit: number;
	/** The largest size reached so far. */
	readonly max: number;
	/** Number of times that it was full, and the invalidation of a whole namespace replaced the entries of its keys. */
	readonly overflowed: number;
	/** Keys reconciled since the cache was created. */
	readonly reconciled: number;
};

/** The memory tier, with its limits: over all namespaces together. */
export type MemorySnapshot = {
	/** Entries, stale ones included. */
	readonly entries: number;
	/** Maximum number of entries; 0 when the tier is off. */
	readonly maxEntries: number;
	/** Estimated bytes: keys, values, and the overhead of an entry. */
	readonly bytes: number;
	/** Maximum number of bytes; 0 when the tier is off. */
	readonly maxBytes: number;
	/**
	 * The way in which entries are kept coherent with other processes. `tracking`: Redis announces every change to every
	 * process. `tracked`: it announces to each process the changes of keys that the process has read. `bypass`: each read asks
	 * Redis, and entries are kept for outages. `ttl`: an entry is used for `memory.trust` at most. `off`: there is no memory
	 * tier.
	 */
	readonly coherence: 'tracking' | 'tracked' | 'bypass' | 'ttl' | 'off';
};

/** The result of `cache.stats()`: an immutable, serializable snapshot of a cache. */
export type CacheSnapshot = {
	/** Unix time in milliseconds. */
	readonly at: number;
	/** When the cache was created, Unix time in milliseconds. */
	readonly startedAt: number;
	/** The current mode. */
	readonly mode: ModeChange;
	/** The latest mode changes, oldest first. The list is bounded. */
	readonly modes: readonly ModeChange[];
	/** The nodes of a cluster, each with its mode. Empty if Redis is not a cluster. */
	readonly nodes?: readonly NodeSnapshot[];
	/** Largest difference between the clocks of two nodes, in milliseconds. */
	readonly clockSpreadMs?: number | undefined;
	/** Kinds of commands that Redis refuses although it is in use. Usually empty. */
	readonly restrictions: readonly Restriction[];
	/** Counts since the cache was created. */
	readonly counters: CacheCounters;
	/** The memory tier. */
	readonly memory: MemorySnapshot;
	/** Loaders that run and wait. */
	readonly loads: LoadsSnapshot;
	/** Changes that Redis may not have. */
	readonly journal: JournalSnapshot;
	/** The connections. */
	readonly pool: PoolSnapshot;
	/** Latencies of about the last ten seconds. */
	readonly latency: {
		/**
		 * Commands that read the keys that memory could not answer, many with one command: MGET, and scripts that also take
		 * leases.
		 */
		readonly get: LatencySummary;
		/** `set`, `expire` and `touch`, from call to result. */
		readonly set: LatencySummary;
		/** `delete`, from call to result. */
		readonly delete: LatencySummary;
		/** Loaders. */
		readonly load: LatencySummary;
	};
	/** The same operations as in `latency`, since the cache was created. */
	readonly durations: {
		/** Commands that read: see `latency`. */
		readonly get: DurationHistogram;
		/** `set`, `expire` and `touch`. */
		readonly set: DurationHistogram;
		/** `delete`. */
		readonly delete: DurationHistogram;
		/** Loaders. */
		readonly load: DurationHistogram;
	};
	/** Calls that have not settled yet. */
	readonly pending: number;
	/** Entries in memory by their remaining time to live. */
	readonly ttl: TtlHistogram;
};
