/** Entries whose remaining time to live is in one range. */
export type TtlBucket = {
	/** Upper bound of the remaining time, in milliseconds. 0 for entries past their TTL, `Infinity` for the last bucket. */
	readonly upToMs: number;
	/** The upper bound as text: `stale`, `10s`, `more`. */
	readonly label: string;
	/** Entries between the bound of the bucket before and this one. */
	readonly count: number;
};

/** The entries of a tier by their remaining time to live. */
export type TtlHistogram = {
	/** The tier that was sampled. */
	readonly source: 'memory' | 'redis';
	/** Ordered by their bounds. */
	readonly buckets: readonly TtlBucket[];
	/** Keys sampled. */
	readonly sampled: number;
	/** Keys in total. If more than `sampled`, the counts are an estimate. */
	readonly total: number;
	/** When the sample was taken, Unix time in milliseconds. */
	readonly at: number;
};

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The same buckets for every cache and every Redis, so that two histograms can be compared. */
const buckets = [
	{upToMs: 0, label: 'stale'},
	{upToMs: secondMs, label: '1s'},
	{upToMs: 10 * secondMs, label: '10s'},
	{upToMs: minuteMs, label: '1m'},
	{upToMs: 10 * minuteMs, label: '10m'},
	{upToMs: hourMs, label: '1h'},
	{upToMs: dayMs, label: '1d'},
	{upToMs: Number.POSITIVE_INFINITY, label: 'more'},
] as const;

/**
 * Counts entries by their remaining time to live.
 *
 * @param ttlsMs Remaining time of each entry in milliseconds: 0 or less if it is past its TTL, `Infinity` if it never expires.
 */
export const ttlBuckets = (ttlsMs: Iterable<number>): readonly TtlBucket[] => {
	const counts = new Array<number>(buckets.length).fill(0);
	for (const ttlMs of ttlsMs) {
		const index = buckets.findIndex(({upToMs}) => ttlMs <= upToMs);
		if (index !== -1) counts[index] = (counts[index] ?? 0) + 1;
	}
	return buckets.map((bucket, index) => ({...bucket, count: counts[index] ?? 0}));
};
