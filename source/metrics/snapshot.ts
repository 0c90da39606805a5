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
	/** The way in which its keys in memory are kept coherent, see `MemorySnapshot`. `ttl` also while it is not heard. */
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

/** Quantiles of a duration in milliseconds. Where nothing was measured, `count` is 0 and the rest `undefined`. */
export type LatencySummary = {
	/** Number of measurements. */
	readonly count: number;
	/** The median. */
	readonly p50: number | undefined;
	/** The 90th percentile. */
	readonly p90: number | undefined;
	/** The 99th percentile. */
	readonly p99: number | undefined;
	/** The maximum. */
	readonly max: number | undefined;
};

/** Durations up to a bound. */
export type DurationBucket = {
	/** The bound, in milliseconds. */
	readonly upToMs: number;
	/** Measurements of at most so many milliseconds, those of shorter bounds included. */
	readonly count: number;
};

/** Durations since the cache was created. Counts only grow, and those of several processes add up. */
export type DurationHistogram = {
	/** Number of measurements. */
	readonly count: number;
	/** Milliseconds of all of them together. */
	readonly sumMs: number;
	/** From the shortest bound to the longest. Longer measurements are in `count` alone. */
	readonly buckets: readonly DurationBucket[];
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
	/** Loaders that wait, because as many as may run do so. */
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
	 * `tracked`: it announces to each what that has read. `ttl`: an entry is used for `memory.trust` at most. `off`: there is no
	 * memory tier.
	 */
	readonly coherence: 'tracking' | 'tracked' | 'ttl' | 'off';
};

/** Entries by the time that they have left. */
export type TtlBucket = {
	/** Upper bound of the time left, in milliseconds. 0 for entries past their TTL, `Infinity` for the last bucket. */
	readonly upToMs: number;
	/** The upper bound as text: `stale`, `10s`, `more`. */
	readonly label: string;
	/** Entries between the bound of the bucket before and this one. */
	readonly count: number;
};

/** The entries of a tier by the time that they have left. */
export type TtlHistogram = {
	/** The tier that was sampled. */
	readonly source: 'memory' | 'redis';
	/** From the least time left to the most. */
	readonly buckets: readonly TtlBucket[];
	/** Keys sampled. */
	readonly sampled: number;
	/** Keys in total. If more than `sampled`, the counts are an estimate. */
	readonly total: number;
	/** When it was taken, Unix time in milliseconds. */
	readonly at: number;
};

/** `waiting`: the connection is gone, and is opened again after a pause. */
export type LaneState = 'connecting' | 'ready' | 'waiting' | 'closed';

/** One lane: a connection that all callers share. Counters only grow. */
export type LaneSnapshot = {
	/** Counted from 0. */
	readonly id: number;
	/** Address of its node in a cluster: `10.0.0.7:6379`. */
	readonly node?: string;
	/** Commands can be sent while it is `ready`. */
	readonly state: LaneState;
	/** Commands sent and not answered yet. */
	readonly inFlight: number;
	/** Commands that may be in flight; more are refused and counted as `shed`. */
	readonly capacity: number;
	/** Commands sent. */
	readonly commands: number;
	/** Commands that failed; those that missed their deadline are counted in `timeouts`. */
	readonly failures: number;
	/** Commands that were not answered within their deadline. */
	readonly timeouts: number;
	/** Times the connection was opened again. */
	readonly reconnects: number;
	/** Bytes read from sockets. */
	readonly bytesRead: number;
	/** Bytes written to sockets. */
	readonly bytesWritten: number;
	/** Commands per second, over the last second. */
	readonly rate: number;
	/** From sending a command to its reply, over about ten seconds. */
	readonly latency: LatencySummary;
	/** Unix time in milliseconds, while `ready`. */
	readonly readySince: number | undefined;
};

/** One exclusive connection. */
export type CheckoutSnapshot = {
	/** Not used again for another connection. */
	readonly id: number;
	/** `busy`: a caller has borrowed it. */
	readonly state: 'connecting' | 'idle' | 'busy';
	/** Purpose of the borrower while `busy`: `scan`, `transaction`. */
	readonly purpose: string | undefined;
	/** When this state began, Unix time in milliseconds. */
	readonly since: number;
	/** When the connection was opened, Unix time in milliseconds. */
	readonly openedAt: number;
};

/** A caller that waits for an exclusive connection. */
export type CheckoutWaiter = {
	/** Purpose of the caller. */
	readonly purpose: string;
	/** Start of the wait, Unix time in milliseconds. */
	readonly since: number;
};

/** Exclusive connections: each is lent to one caller at a time. Counters only grow. */
export type CheckoutsSnapshot = {
	/** Connections that are kept open. */
	readonly min: number;
	/** Connections that may be open. */
	readonly max: number;
	/** Connections that are open. */
	readonly open: number;
	/** Connections that are lent. */
	readonly busy: number;
	/** Callers that may wait. */
	readonly maxWaiters: number;
	/** Times that a connection was lent. */
	readonly acquired: number;
	/** Callers that timed out while they waited. */
	readonly acquireTimeouts: number;
	/** Callers refused because `maxWaiters` were waiting already. */
	readonly refused: number;
	/** Waits of callers, over about ten seconds. */
	readonly wait: LatencySummary;
	/** Waits of callers since the cache was created. */
	readonly waits: DurationHistogram;
	/** The connections. */
	readonly connections: readonly CheckoutSnapshot[];
	/** Waiting callers; the one that has waited longest comes first. */
	readonly waiting: readonly CheckoutWaiter[];
};

/** The connections to Redis. */
export type PoolSnapshot = {
	/** Commands in flight over the capacity of all lanes, 0 to 1. */
	readonly utilisation: number;
	/** The lanes. */
	readonly lanes: readonly LaneSnapshot[];
	/** The exclusive connections. */
	readonly checkouts: CheckoutsSnapshot;
	/** Deadline of a command, in milliseconds. */
	readonly deadlineMs: number;
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
		/** MGET commands: each reads many keys that memory could not answer. */
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
		/** MGET commands. */
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
