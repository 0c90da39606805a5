import type {CacheApi, Duration} from '../cache/api/types.js';
import type {SettleQuantiles} from './settle-times.js';
import type {WorkloadMix} from './workload-snapshot.js';

/** What the workload needs of a cache. */
export type WorkloadCache = Pick<CacheApi, 'get' | 'getOrSet' | 'set' | 'delete'>;

export type WorkloadOptions = {
	/** Calls a second. Default 500. */
	readonly rate?: number;
	/** Default 2000. */
	readonly keys?: number;
	/** Shares of the calls. Default 80 : 15 : 5. */
	readonly mix?: WorkloadMix;
	/** The same seed gives the same calls. Default 1. */
	readonly seed?: number;
	/** Milliseconds that the cache promises to settle in. Default 200. A call hangs past twice that plus 250 ms and the loader's time. */
	readonly deadlineMs?: number;
	/** How uneven keys are asked for; 0: all alike. Default 1. */
	readonly zipfExponent?: number;
	/** Default 100. */
	readonly valueBytes?: number;
	/** Default: the cache's. */
	readonly ttl?: Duration;
	/** Milliseconds that reading the origin takes. Default 2. */
	readonly loaderMs?: number;
	/** Share of the reads that are a plain `get` instead of `getOrSet`. Default 0.2. */
	readonly plainReads?: number;
	/** Calls that have not settled before further ones fail at once. Default 10,000. */
	readonly maxPending?: number;
	/** First part of its keys. Default `item:`. */
	readonly keyPrefix?: string;
};

/** All since the start or the last `reset`. */
export type WorkloadTotals = {
	readonly calls: number;
	readonly failedCalls: number;
	readonly hungCalls: number;
	readonly wrongReads: number;
	/** Calls that were due while this process did not run. They are not among `calls`. */
	readonly skippedCalls: number;
	/** Share of the calls that settled in time and did not reject; 1 while there are none. */
	readonly availability: number;
	readonly settleMs: SettleQuantiles;
	/** Only calls that were due while a fault was in force. */
	readonly faultSettleMs: SettleQuantiles;
};
