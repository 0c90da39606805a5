/** Buckets for each power of ten: one is 21 % wider than the one before. */
const perDecade = 12;

/** The upper bound of the first bucket, in milliseconds. */
const lowestMs = 0.01;

/** Up to 100 seconds: calls were found to hang long before. */
export const latencyBuckets = 7 * perDecade;

/** Number of the bucket for a time. Longer times than the last bucket has belong to it. */
export function bucketOf(ms: number): number {
	const bucket = Math.ceil(Math.log10(Math.max(ms, lowestMs) / lowestMs) * perDecade);
	return Math.min(latencyBuckets - 1, bucket);
}

/** The middle of a bucket on a logarithmic scale, in milliseconds, to three digits. */
export function middleOf(bucket: number): number {
	return Number((lowestMs * 10 ** ((bucket - 0.5) / perDecade)).toPrecision(3));
}

/** The median of the times counted in buckets; undefined without any. */
export function medianOf(counts: Uint32Array): number | undefined {
	const total = counts.reduce((sum, count) => sum + count, 0);
	let left = total / 2;
	const bucket = counts.findIndex((count) => {
		left -= count;
		return count > 0 && left <= 0;
	});
	return bucket < 0 ? undefined : middleOf(bucket);
}
