import type {TtlHistogram} from '../../metrics/ttl-histogram.js';
import {ttlBuckets} from '../../metrics/ttl-histogram.js';

/** TTLs of keys. Those without one are not among the buckets. */
export type KeyTtls = TtlHistogram & {
	/** Keys without a TTL, as the server counts them. Undefined for entries in memory, and if unknown. */
	readonly withoutTtl?: number | undefined;
};

/** Keys of a Redis, as INFO counts them. */
export type KeyCounts = {readonly keys: number; readonly expires: number};

/**
 * The TTLs of a Redis, from a sample.
 *
 * @param ttls Milliseconds left of each key sampled; `Infinity` for those that do not expire.
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
