import type {CacheApi, Duration, GetOrSetOptions} from '../cache/api/types.js';
import type {SettleQuantiles} from './settle-times.js';
import type {WorkloadMix, WrongRead} from './workload-snapshot.js';

/** The part of a cache that the workload uses. */
export type WorkloadCache = Pick<CacheApi, 'get' | 'set' | 'delete'> & {
	/** @param loader Takes no arguments, since caches differ in what they pass to a loader. */
	getOrSet<T>(key: string, loader: () => PromiseLike<T> | T, options?: GetOrSetOptions): Promise<T>;
} & Partial<Pick<CacheApi, 'invalidateTags' | 'clear'>>;

export type WorkloadOptions = {
	/** Calls per second. Default 500. */
	readonly rate?: number;
	/** Number of keys. Default 2000. */
	readonly keys?: number;
	/** Shares of reads, writes and deletes. Default 80 : 15 : 5. */
	readonly mix?: WorkloadMix;
	/** The same seed gives the same calls. Default 1. */
	readonly seed?: number;
	/**
	 * Deadline of the cache's calls in milliseconds. Default 200. A call counts as hung after twice that, plus 250 ms and
	 * `loaderMs`.
	 */
	readonly deadlineMs?: number;
	/** Skew of the key distribution (exponent of Zipf's law); 0 is uniform. Default 1. */
	readonly zipfExponent?: number;
	/** Bytes of padding in each value. Default 100. */
	readonly valueBytes?: number;
	/** TTL of written values. Default: that of the cache. */
	readonly ttl?: Duration;
	/** Milliseconds that a read of the origin takes. Default 2. */
	readonly loaderMs?: number;
	/** Share of reads that are a `get` instead of a `getOrSet`. Default 0.2. */
	readonly plainReads?: number;
	/** Most unsettled calls; beyond that, further ones fail without being started. Default 10,000. */
	readonly maxPending?: number;
	/** Prefix of its keys. Default `item:`. */
	readonly keyPrefix?: string;
};

/** Gets each counted call of a workload as it ends. */
export type CallObserver = {
	/**
	 * A call has settled, or was found to hang.
	 *
	 * @param dueAt By `performance.now()`.
	 * @param ms Time since then.
	 */
	onCall(outcome: 'done' | 'failed' | 'hung', dueAt: number, ms: number): void;
	/** A read returned an outdated value. */
	onWrongRead(read: WrongRead): void;
};

/** Counts and quantiles since the start or the last `reset`. */
export type WorkloadTotals = {
	readonly calls: number;
	readonly failedCalls: number;
	readonly hungCalls: number;
	readonly wrongReads: number;
	/** Calls that took as long as a hung one while this process waited for a CPU or its event loop was blocked. */
	readonly lateCalls: number;
	/** Number of changes and invalidations that reached Redis, and of those that settled without reaching it. */
	readonly storedChanges: number;
	readonly unstoredChanges: number;
	/** Calls that were due while this process did not run. Not part of `calls`. */
	readonly skippedCalls: number;
	/** Share of calls that settled in time and did not reject; 1 while there are none. */
	readonly availability: number;
	readonly settleMs: SettleQuantiles;
	/** The same for calls that were due while a fault was active. */
	readonly faultSettleMs: SettleQuantiles;
};
