import type {TtlHistogram} from '../../metrics/ttl-histogram.js';
import {ttlBuckets} from '../../metrics/ttl-histogram.js';

/** TTLs of keys. The buckets do not include keys without a TTL. */
export type KeyTtls = TtlHistogram & {
	/** Number of keys without a TTL, from the server's counters. Undefined for entries in memory, and if unknown. */
	readonly withoutTtl?: number | undefined;
};

/** Numbers of keys of a Redis, from INFO. `expires`: keys with a TTL. */
export type KeyCounts = {readonly keys: number; readonly expires: number};

/**
 * The TTLs of a Redis, from a sample.
 *
 * @param ttls Remaining time of each sampled key in milliseconds; `Infinity` for keys that do not expire.
 * @param at When it was taken, Unix time in milliseconds.
 */
export function keyTtls(ttls: readonly number[], {keys, expires}: KeyCounts, at: number): KeyTtls {
	const finite = ttls.filter(Number.isFinite);
	return {
		source: 'redis',
		buckets: ttlBuckets(finite),
		sampled: finite.length,
		total: Math.max(keys, finite.length),
		withoutTtl: Math.max(0, keys - expires),
		at,
	};
}
