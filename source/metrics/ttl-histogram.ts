import type {TtlBucket} from './snapshot.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The buckets, the same for every cache and every Redis, so that two pictures can be compared. Each holds what has more time left than the one before. */
export const TTL_BUCKETS = [
	{upToMs: 0, label: 'stale'},
	{upToMs: SECOND, label: '1s'},
	{upToMs: 10 * SECOND, label: '10s'},
	{upToMs: MINUTE, label: '1m'},
	{upToMs: 10 * MINUTE, label: '10m'},
	{upToMs: HOUR, label: '1h'},
	{upToMs: DAY, label: '1d'},
	{upToMs: Number.POSITIVE_INFINITY, label: 'more'},
] as const;

/**
 * Counts how much time entries have left.
 *
 * @param ttlsMs Milliseconds left of each entry: 0 or less is past its TTL, `Infinity` never expires.
 */
export const ttlBuckets = (ttlsMs: Iterable<number>): readonly TtlBucket[] => {
	const counts = new Array<number>(TTL_BUCKETS.length).fill(0);
	for (const ttlMs of ttlsMs) {
		const index = TTL_BUCKETS.findIndex(({upToMs}) => ttlMs <= upToMs);
		if (index !== -1) counts[index] = (counts[index] ?? 0) + 1;
	}
	return TTL_BUCKETS.map((bucket, index) => ({...bucket, count: counts[index] ?? 0}));
};

/** Adds two sets of counts over the same buckets, such as those of two pages of a scan. */
export const addTtlBuckets = (left: readonly TtlBucket[], right: readonly TtlBucket[]): readonly TtlBucket[] =>
	left.map((bucket, index) => ({...bucket, count: bucket.count + (right[index]?.count ?? 0)}));
