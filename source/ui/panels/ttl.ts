import type {TtlBucket} from '../../metrics/snapshot.js';
import {histogram} from '../charts/histogram.js';
import {age, count, noData, percent, shortCount} from '../format.js';
import {span} from '../text/row.js';
import type {Panel} from './panel.js';

export const ttlPanel: Panel = {
	id: 'ttl',
	title: 'Time to live',
	explain: {
		shows:
			'How many entries of the cache have how much time left before they are stale. With a ≈ the counts are estimated from a sample.',
		source:
			'A sample of the keys of this namespace in Redis; while Redis is away, the entries of the memory tier. The line at the top says which, and how old it is once that matters.',
		normal:
			'Spread over the buckets up to the usual TTL. All entries in one bucket means that they were written together and will expire together: a stampede to come, against which jitter helps.',
	},
	draw({state, glyphs}, width, height) {
		const ttl = state.snapshot?.ttl;
		if (!ttl || ttl.buckets.length === 0 || ttl.sampled === 0) return {rows: [[span(noData, 'dim')]]};
		const isEstimate = ttl.total > ttl.sampled;
		const factor = isEstimate ? ttl.total / ttl.sampled : 1;
		const sum = ttl.buckets.reduce((total, bucket) => total + bucket.count, 0);
		const mark = isEstimate ? glyphs.approximately : '';
		const entries = condense(ttl.buckets, height).map((bucket) => ({
			label: bucket.label,
			value: bucket.count,
			note: `${mark}${shortCount(bucket.count * factor)}${width >= 40 ? ` ${percent(sum === 0 ? undefined : bucket.count / sum, 0).padStart(5)}` : ''}`,
			style: bucket.upToMs === 0 ? ('warn' as const) : ('accent' as const),
		}));
		const old = (state.snapshot?.at ?? 0) - ttl.at;
		const place = ttl.source === 'redis' ? 'in Redis' : 'in memory';
		return {
			rows: histogram(entries, width, glyphs, width >= 40 ? 13 : 7),
			notes: [
				[
					span(`${mark}${count(ttl.total)} keys ${place}`, 'dim'),
					...(old > 15_000 ? [span(`, ${age(old)} old`, 'warn')] : []),
				],
			],
		};
	},
};

/** As many buckets as there are rows: empty ones go first, then the smallest are counted together as `other`. */
export function condense(buckets: readonly TtlBucket[], rows: number): readonly TtlBucket[] {
	if (buckets.length <= rows) return buckets;
	const filled = buckets.filter((bucket) => bucket.count > 0);
	if (filled.length <= rows) return filled;
	const kept = new Set([...filled].sort((a, b) => b.count - a.count).slice(0, Math.max(0, rows - 1)));
	const rest = filled.filter((bucket) => !kept.has(bucket));
	const other = {upToMs: Number.NaN, label: 'other', count: rest.reduce((sum, bucket) => sum + bucket.count, 0)};
	return [...filled.filter((bucket) => kept.has(bucket)), other];
}
