import type {TtlBucket, TtlHistogram} from '../metrics/snapshot.js';
import type {TtlSample} from './sample-ttl.js';

/**
 * A sample as a histogram with the bounds of `like`, so that a chart keeps its bars when it turns from the memory tier
 * to Redis and back.
 */
export function ttlHistogram(sample: TtlSample, like: readonly TtlBucket[]): TtlHistogram {
	const counts = like.map(() => 0);
	for (const ttl of sample.ttls) {
		const index = like.findIndex((bucket) => ttl <= bucket.upToMs);
		if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
	}
	return {
		source: 'redis',
		buckets: like.map((bucket, index) => ({...bucket, count: counts[index] ?? 0})),
		sampled: sample.ttls.length,
		total: sample.total,
		at: Date.now(),
	};
}
