/** The degradation modes of a cache: Redis in use, Redis out of use, and the short way back. */
export type Mode = 'connected' | 'fallback' | 'recovering';

/** One stretch of a mode. */
export type ModeChange = {
	readonly mode: Mode;
	/** When it began, Unix time in milliseconds. */
	readonly at: number;
	/** Why, in a few words: `'3 deadlines missed in a row'`. */
	readonly reason: string;
};

/** Quantiles of a duration, in milliseconds. `count` is 0 and the rest `undefined` where nothing was measured. */
export type LatencySummary = {
	readonly count: number;
	readonly p50: number | undefined;
	readonly p90: number | undefined;
	readonly p99: number | undefined;
	readonly max: number | undefined;
};

/** Everything ever counted since the cache was made. Counters only grow. */
export type CacheCounters = {
	readonly hitsMemory: number;
	readonly hitsRedis: number;
	/** Hits that were served past their TTL, within `grace`. Also counted as a memory or Redis hit. */
	readonly hitsStale: number;
	readonly misses: number;
	readonly loads: number;
	readonly loadErrors: number;
	/** Fills that Redis refused, because the key had changed since the load began. */
	readonly fillsRefused: number;
	readonly sets: number;
	readonly deletes: number;
	readonly invalidations: number;
	/** Entries dropped by the memory tier for want of room. */
	readonly evictions: number;
	/** Commands whose deadline passed. */
	readonly timeouts: number;
	/** Commands that failed for any other reason. */
	readonly errors: number;
	/** Calls answered without Redis because a local queue was full. */
	readonly shed: number;
	/** Entries that could not be decoded, counted as misses. */
	readonly corrupt: number;
	/** Writes that reached Redis after their deadline and did nothing there. */
	readonly lateWrites: number;
	readonly batches: number;
	readonly batchedKeys: number;
};

export type JournalSnapshot = {
	/** Keys whose state in Redis is not known to be ours. */
	readonly size: number;
	readonly limit: number;
	/** The largest size ever reached. */
	readonly max: number;
	readonly overflowed: number;
	/** Keys reconciled since the cache was made. */
	readonly reconciled: number;
};

export type MemorySnapshot = {
	readonly entries: number;
	readonly maxEntries: number;
	readonly bytes: number;
	readonly maxBytes: number;
	/** How entries are kept coherent with other processes. */
	readonly coherence: 'tracking' | 'ttl' | 'off';
};

/** How many entries have how much time left. `upToMs` is `Infinity` for the last bucket; entries past their TTL have a bucket `upToMs: 0`. */
export type TtlBucket = {readonly upToMs: number; readonly label: string; readonly count: number};

export type TtlHistogram = {
	readonly source: 'memory' | 'redis';
	readonly buckets: readonly TtlBucket[];
	/** Keys looked at. */
	readonly sampled: number;
	/** Keys there are. Larger than `sampled` makes the counts an estimate. */
	readonly total: number;
	/** When it was taken, Unix time in milliseconds. */
	readonly at: number;
};

export type LaneState = 'connecting' | 'ready' | 'waiting' | 'closed';

export type LaneSnapshot = {
	readonly id: number;
	readonly state: LaneState;
	readonly inFlight: number;
	/** How many commands may be in flight before calls are shed. */
	readonly capacity: number;
	readonly commands: number;
	readonly failures: number;
	readonly timeouts: number;
	readonly reconnects: number;
	readonly bytesRead: number;
	readonly bytesWritten: number;
	/** Commands a second, over the last second or so. */
	readonly rate: number;
	readonly latency: LatencySummary;
	/** Unix time in milliseconds, while `ready`. */
	readonly readySince: number | undefined;
};

export type CheckoutSnapshot = {
	readonly id: number;
	readonly state: 'connecting' | 'idle' | 'busy';
	readonly purpose: string | undefined;
	/** When this state began, Unix time in milliseconds. */
	readonly since: number;
	/** When the connection was opened, Unix time in milliseconds. */
	readonly openedAt: number;
};

export type CheckoutsSnapshot = {
	readonly min: number;
	readonly max: number;
	readonly open: number;
	readonly busy: number;
	readonly maxWaiters: number;
	readonly acquired: number;
	readonly acquireTimeouts: number;
	readonly refused: number;
	readonly wait: LatencySummary;
	readonly connections: readonly CheckoutSnapshot[];
	/** Who waits, first in line first. */
	readonly waiting: readonly {readonly purpose: string; readonly since: number}[];
};

export type PoolSnapshot = {
	/** Commands in flight over the capacity of all lanes, 0 to 1. */
	readonly utilisation: number;
	readonly lanes: readonly LaneSnapshot[];
	readonly checkouts: CheckoutsSnapshot;
	/** Deadline of a command, in milliseconds. */
	readonly deadlineMs: number;
};

/** What `cache.stats()` returns: one immutable, serialisable picture of a cache. */
export type CacheSnapshot = {
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly startedAt: number;
	readonly mode: ModeChange;
	/** The latest mode changes, oldest first, bounded. */
	readonly modes: readonly ModeChange[];
	readonly counters: CacheCounters;
	readonly memory: MemorySnapshot;
	readonly journal: JournalSnapshot;
	readonly pool: PoolSnapshot;
	/** The last ten seconds or so. `get` counts reads that the memory tier could not answer. */
	readonly latency: {
		readonly get: LatencySummary;
		readonly set: LatencySummary;
		readonly delete: LatencySummary;
		readonly load: LatencySummary;
	};
	/** Calls that have not settled yet. */
	readonly pending: number;
	readonly ttl: TtlHistogram;
};
