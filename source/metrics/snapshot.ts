import type {DurationHistogram, LatencySummary} from './durations.js';
import type {PoolSnapshot} from './pool-snapshot.js';
import type {TtlHistogram} from './ttl-histogram.js';

/** The modes of a cache: Redis is in use; Redis is unreachable and not used; Redis is back and being reconciled. */
export type Mode = 'connected' | 'fallback' | 'recovering';

/** A change of the mode. */
export type ModeChange = {
	/** The mode from then on. */
	readonly mode: Mode;
	/** When it began, Unix time in milliseconds. */
	readonly at: number;
	/** Why, in a few words: `'3 deadlines missed in a row'`. */
	readonly reason: string;
};

/** The nodes of a cluster that have slots. */
export type NodeCounts = {
	/** Nodes in use. */
	readonly inUse: number;
	/** All of them. */
	readonly total: number;
};

/** A node of a cluster: a master that has slots. */
export type NodeSnapshot = {
	/** As the cluster names it: `10.0.0.7:6379`. */
	readonly address: string;
	/** Its own mode: while one node is in `fallback`, only its keys are answered without Redis. */
	readonly mode: ModeChange;
	/** Number of its slots, of 16,384. */
	readonly slots: number;
	/** Addresses of its replicas. */
	readonly replicas: readonly string[];
	/** Milliseconds that its clock is ahead of the one of this process, about; negative: behind. Undefined before it was asked. */
	readonly clockOffsetMs: number | undefined;
	/** The way in which its keys in memory are kept coherent, see `MemorySnapshot`. `ttl` also while no announcements arrive. */
	readonly coherence: MemorySnapshot['coherence'];
};

/**
 * Something that Redis refuses although it answers and is in use: a right is missing, a command was renamed, or its memory or
 * disk is full. Refused changes stay in this process, and other processes go on reading the values before them.
 */
export type Restriction = {
	/** The refused commands. `reads` and `writes` may be refused for some keys only. */
	readonly what: 'reads' | 'writes';
	/** Since when, Unix time in milliseconds. */
	readonly at: number;
	/** The error of Redis, and what to do about it. */
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
	/** Times that the clock of Redis was set. */
	readonly clockSteps: number;
	/** MGET commands sent. */
	readonly batches: number;
	/** Keys read by them. */
	readonly batchedKeys: number;
	/** Bytes of values, encoded and compressed, that memory answered with and Redis did not have to send. */
	readonly savedBytes: number;
};

/** Loaders in this process. */
export type LoadsSnapshot = {
	/** Loaders that run; one of `getOrSetMany` counts once. */
	readonly running: number;
	/** Loaders that wait because of loader.concurrency. */
	readonly waiting: number;
	/** Loaders that may run at once: `loader.concurrency`. `Infinity`: no limit. */
	readonly maxRunning: number;
	/** Loaders that may wait: `loader.queue`. */
	readonly maxWaiting: number;
};

/** The journal: changes that Redis may not have. */
export type JournalSnapshot = {
	/** Dirty keys: their latest change by this process may not be in Redis. */
	readonly size: number;
	/** The largest size that it may have. */
	readonly limit: number;
	/** The largest size ever reached. */
	readonly max: number;
	/** Times it was full, and one entry for a whole namespace replaced those of its keys. */
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
	 * The way in which entries are kept coherent with other processes. `tracking`: Redis announces every change to every process.
	 * `tracked`: it announces to each what that has read. `bypass`: each read asks Redis, and entries are kept for outages.
	 * `ttl`: an entry is used for `memory.trust` at most. `off`: there is no memory tier.
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
	/** The nodes of a cluster, each with its mode. Empty elsewhere. */
	readonly nodes?: readonly NodeSnapshot[];
	/** Milliseconds between the clocks of the nodes that are furthest apart. */
	readonly clockSpreadMs?: number | undefined;
	/** The commands that Redis refuses although it is in use. Empty if all is well. */
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
		/** Commands that read, each of them many keys that memory could not answer: MGET, and scripts that take leases with it. */
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
	/** Entries in memory by the time that they have left. */
	readonly ttl: TtlHistogram;
};
