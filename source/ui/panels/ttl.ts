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
			'How many keys have how much time left: in Redis until they are gone, which for entries of the cache is after their TTL and grace; in memory until they are stale. The last line has those that stay longer, or for ever. With a ≈ the counts are estimated from a sample.',
		source:
			'A sample of all keys in Redis, whoever wrote them; while Redis is away, the entries of the memory tier. The line at the top says which, and how old it is once that matters.',
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
			label: labelOf(bucket),
			value: bucket.count,
			note: `${bucket.count > 0 ? mark : ''}${shortCount(bucket.count * factor)}${width >= 40 ? ` ${percent(sum === 0 ? undefined : bucket.count / sum, 0).padStart(5)}` : ''}`,
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

/**
 * As many buckets as there are rows. The shortest are counted together, as "up to" the longest of them: the same ones
 * whatever is in them, so that no row moves.
 */
export function condense(buckets: readonly TtlBucket[], rows: number): readonly TtlBucket[] {
	const surplus = buckets.length - Math.max(1, rows);
	if (surplus <= 0) return buckets;
	const together = buckets.slice(0, surplus + 1);
	const last = together.at(-1);
	if (!last) return buckets;
	const sum = together.reduce((total, bucket) => total + bucket.count, 0);
	return [{...last, count: sum}, ...buckets.slice(surplus + 1)];
}

/** `10s` as `10 s`: units stand apart everywhere else, too. */
const labelOf = ({upToMs, label}: TtlBucket) =>
	upToMs > 0 && Number.isFinite(upToMs)
		? `≤ ${label.replace(/(\d)m$/, '$1 min').replace(/(\d)([a-z])$/, '$1 $2')}`
		: label;
