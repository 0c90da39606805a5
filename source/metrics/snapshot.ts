/** The degradation modes of a cache: Redis in use, Redis out of use, and the short way back. */
export type Mode = 'connected' | 'fallback' | 'recovering';

/** One stretch of a mode. */
export type ModeChange = {
	/** What it is from then on. */
	readonly mode: Mode;
	/** When it began, Unix time in milliseconds. */
	readonly at: number;
	/** Why, in a few words: `'3 deadlines missed in a row'`. */
	readonly reason: string;
};

/** Quantiles of a duration, in milliseconds. `count` is 0 and the rest `undefined` where nothing was measured. */
export type LatencySummary = {
	/** How many were measured. */
	readonly count: number;
	/** Half of them took no longer. */
	readonly p50: number | undefined;
	/** Nine of ten took no longer. */
	readonly p90: number | undefined;
	/** 99 of 100 took no longer. */
	readonly p99: number | undefined;
	/** The longest. */
	readonly max: number | undefined;
};

/** Everything ever counted since the cache was made. Counters only grow. */
export type CacheCounters = {
	/** Reads that memory answered. */
	readonly hitsMemory: number;
	/** Reads that Redis answered. */
	readonly hitsRedis: number;
	/**
	 * Values served past their TTL, within `grace`. Those of `get` are also counted as a memory or Redis hit, those of
	 * `getOrSet`, whose loader failed or was slow, as a miss.
	 */
	readonly hitsStale: number;
	/** Reads that found nothing, or nothing fresh. */
	readonly misses: number;
	/** Runs of loaders. */
	readonly loads: number;
	/** Runs of loaders that failed or took too long. */
	readonly loadErrors: number;
	/** Fills that Redis refused, because the key had changed since the load began. */
	readonly fillsRefused: number;
	/** Keys set, wherever they were stored. What loaders load is not counted. */
	readonly sets: number;
	/** Keys deleted, wherever that was noted. */
	readonly deletes: number;
	/** Calls of `invalidateTags` and `clear`. */
	readonly invalidations: number;
	/** Entries dropped by the memory tier for want of room. */
	readonly evictions: number;
	/** Commands whose deadline passed. */
	readonly timeouts: number;
	/** Commands that failed for any other reason. */
	readonly errors: number;
	/** Commands that were not sent because a local queue was full; their calls were answered without Redis. */
	readonly shed: number;
	/** Entries that could not be decoded, counted as misses. */
	readonly corrupt: number;
	/** Writes that reached Redis after their deadline and did nothing there. */
	readonly lateWrites: number;
	/** MGET commands sent. */
	readonly batches: number;
	/** Keys they asked for. */
	readonly batchedKeys: number;
};

/** Changes whose fate in Redis is not known. */
export type JournalSnapshot = {
	/** Keys whose state in Redis is not known to be ours. */
	readonly size: number;
	/** The largest size it may have. */
	readonly limit: number;
	/** The largest size ever reached. */
	readonly max: number;
	/** Times it was full, and a namespace as a whole took the place of its keys. */
	readonly overflowed: number;
	/** Keys reconciled since the cache was made. */
	readonly reconciled: number;
};

/** The memory tier, all namespaces together; the limits are those of one namespace. */
export type MemorySnapshot = {
	/** Entries there are, stale ones included. */
	readonly entries: number;
	/** Entries there may be; 0 when the tier is off. */
	readonly maxEntries: number;
	/** Bytes of keys and values, and what an entry takes beside them: an estimate. */
	readonly bytes: number;
	/** Bytes there may be; 0 when the tier is off. */
	readonly maxBytes: number;
	/**
	 * How entries are kept coherent with other processes: `tracking`: Redis tells of every change; `ttl`: they are believed for
	 * `memory.trust` only; `off`: there is no memory tier.
	 */
	readonly coherence: 'tracking' | 'ttl' | 'off';
};

/** How many entries have how much time left. */
export type TtlBucket = {
	/** Milliseconds left, at most. 0 for entries past their TTL, `Infinity` for the last bucket. */
	readonly upToMs: number;
	/** The same in words: `stale`, `10s`, `more`. */
	readonly label: string;
	/** Entries that have no more left, and more than the bucket before. */
	readonly count: number;
};

/** The entries of a tier by the time they have left. */
export type TtlHistogram = {
	/** Which tier was looked at. */
	readonly source: 'memory' | 'redis';
	/** From the least time left to the most. */
	readonly buckets: readonly TtlBucket[];
	/** Keys looked at. */
	readonly sampled: number;
	/** Keys there are. Larger than `sampled` makes the counts an estimate. */
	readonly total: number;
	/** When it was taken, Unix time in milliseconds. */
	readonly at: number;
};

/** `waiting`: the connection was lost and is opened again after a pause. */
export type LaneState = 'connecting' | 'ready' | 'waiting' | 'closed';

/** One lane: a connection that many callers share. Counters only grow. */
export type LaneSnapshot = {
	/** From 0. */
	readonly id: number;
	/** Whether it can be used. */
	readonly state: LaneState;
	/** Commands that were sent and are not answered yet. */
	readonly inFlight: number;
	/** How many commands may be in flight before calls are shed. */
	readonly capacity: number;
	/** Commands sent. */
	readonly commands: number;
	/** Commands that failed, missed deadlines included. */
	readonly failures: number;
	/** Commands that were not answered within their deadline. */
	readonly timeouts: number;
	/** Times the connection was opened again. */
	readonly reconnects: number;
	/** Bytes read from sockets. */
	readonly bytesRead: number;
	/** Bytes written to sockets. */
	readonly bytesWritten: number;
	/** Commands a second, over the last second or so. */
	readonly rate: number;
	/** From sending to answer, over about ten seconds. */
	readonly latency: LatencySummary;
	/** Unix time in milliseconds, while `ready`. */
	readonly readySince: number | undefined;
};

/** One exclusive connection. */
export type CheckoutSnapshot = {
	/** Never used again for another connection. */
	readonly id: number;
	/** `busy`: someone has it. */
	readonly state: 'connecting' | 'idle' | 'busy';
	/** What for, while `busy`: `scan`, `transaction`. */
	readonly purpose: string | undefined;
	/** When this state began, Unix time in milliseconds. */
	readonly since: number;
	/** When the connection was opened, Unix time in milliseconds. */
	readonly openedAt: number;
};

/** A caller in line for an exclusive connection. */
export type CheckoutWaiter = {
	/** What for. */
	readonly purpose: string;
	/** Since when, Unix time in milliseconds. */
	readonly since: number;
};

/** Connections that are lent to one caller at a time. Counters only grow. */
export type CheckoutsSnapshot = {
	/** Connections that are kept open. */
	readonly min: number;
	/** Connections there may be. */
	readonly max: number;
	/** Connections there are. */
	readonly open: number;
	/** Connections that someone has. */
	readonly busy: number;
	/** Callers that may wait. */
	readonly maxWaiters: number;
	/** Times one was lent. */
	readonly acquired: number;
	/** Callers that waited in vain. */
	readonly acquireTimeouts: number;
	/** Callers that were refused because the line was full. */
	readonly refused: number;
	/** How long callers waited, over about ten seconds. */
	readonly wait: LatencySummary;
	/** Each of those there are. */
	readonly connections: readonly CheckoutSnapshot[];
	/** Who waits, first in line first. */
	readonly waiting: readonly CheckoutWaiter[];
};

/** The connections to Redis. */
export type PoolSnapshot = {
	/** Commands in flight over the capacity of all lanes, 0 to 1. */
	readonly utilisation: number;
	/** Each lane. */
	readonly lanes: readonly LaneSnapshot[];
	/** The connections beside the lanes. */
	readonly checkouts: CheckoutsSnapshot;
	/** Deadline of a command, in milliseconds. */
	readonly deadlineMs: number;
};

/** What `cache.stats()` returns: one immutable, serialisable picture of a cache. */
export type CacheSnapshot = {
	/** Unix time in milliseconds. */
	readonly at: number;
	/** When the cache was made, Unix time in milliseconds. */
	readonly startedAt: number;
	/** The mode in force. */
	readonly mode: ModeChange;
	/** The latest mode changes, oldest first, bounded. */
	readonly modes: readonly ModeChange[];
	/** Everything ever counted. */
	readonly counters: CacheCounters;
	/** The memory tier. */
	readonly memory: MemorySnapshot;
	/** Changes whose fate in Redis is not known. */
	readonly journal: JournalSnapshot;
	/** The connections. */
	readonly pool: PoolSnapshot;
	/** The last ten seconds or so. */
	readonly latency: {
		/** MGET commands: reads that memory could not answer, many at a time. */
		readonly get: LatencySummary;
		/** `set`, `expire` and `touch`, from call to result. */
		readonly set: LatencySummary;
		/** `delete`, from call to result. */
		readonly delete: LatencySummary;
		/** Loaders. */
		readonly load: LatencySummary;
	};
	/** Calls that have not settled yet. */
	readonly pending: number;
	/** What is in memory, by the time it has left. */
	readonly ttl: TtlHistogram;
};
