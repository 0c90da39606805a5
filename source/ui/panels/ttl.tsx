import {useCallback, useMemo} from 'react';
import type {TtlBucket, TtlHistogram} from '../../metrics/snapshot.js';
import {formatAge} from '../../text/duration.js';
import {formatCount, formatPercent, formatShortCount, noData} from '../../text/number.js';
import {histogram} from '../charts/histogram.js';
import {Panel} from '../components/panel.js';
import {type Draw, Raster} from '../components/raster.js';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine} from '../hooks/use-screen.js';
import {hasSameFields} from '../hooks/use-selector.js';
import {type Row, span} from '../text/row.js';
import type {PanelEntry, PanelProps} from './panel.js';

/** Milliseconds after which the age of the sample is shown. */
const oldMs = 15_000;

/** Below this width the shares are left out. */
const narrow = 40;

/**
 * Merges the shortest buckets into one, so that there are at most as many as rows. Which ones depends on the number of
 * rows only, so that no row moves.
 */
function condenseBuckets(buckets: readonly TtlBucket[], rows: number): readonly TtlBucket[] {
	const surplus = buckets.length - Math.max(1, rows);
	if (surplus <= 0) return buckets;
	const merged = buckets.slice(0, surplus + 1);
	const last = merged.at(-1);
	if (!last) return buckets;
	const sum = merged.reduce((total, bucket) => total + bucket.count, 0);
	return [{...last, count: sum}, ...buckets.slice(surplus + 1)];
}

/** `≤ 10 s` for the label `10s`. */
const labelOf = ({upToMs, label}: TtlBucket) =>
	upToMs > 0 && Number.isFinite(upToMs)
		? `≤ ${label.replace(/(\d)m$/, '$1 min').replace(/(\d)([a-z])$/, '$1 $2')}`
		: label;

const isEstimate = ({total, sampled}: TtlHistogram) => total > sampled;

function ttlRows(data: TtlHistogram, width: number, height: number, glyphs: Glyphs): Row[] {
	const factor = isEstimate(data) ? data.total / data.sampled : 1;
	const mark = isEstimate(data) ? glyphs.approximately : '';
	const sum = data.buckets.reduce((total, bucket) => total + bucket.count, 0);
	const shareOf = (bucket: TtlBucket) => formatPercent(sum === 0 ? undefined : bucket.count / sum, 0).padStart(5);
	const entries = condenseBuckets(data.buckets, height).map((bucket) => ({
		label: labelOf(bucket),
		value: bucket.count,
		note: `${bucket.count > 0 ? mark : ''}${formatShortCount(bucket.count * factor)}${width >= narrow ? ` ${shareOf(bucket)}` : ''}`,
		style: bucket.upToMs === 0 ? ('warn' as const) : ('accent' as const),
	}));
	return histogram(entries, width, glyphs, width >= narrow ? 13 : 7);
}

function TtlPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const data = useEngine(
		({snapshot}) => snapshot?.ttl,
		(before, after) =>
			hasSameFields({...before, buckets: ''}, {...after, buckets: ''}) &&
			JSON.stringify(before?.buckets) === JSON.stringify(after?.buckets),
	);
	const old = useEngine(({snapshot}) => {
		const ms = (snapshot?.at ?? 0) - (snapshot?.ttl.at ?? 0);
		return ms > oldMs ? formatAge(ms) : undefined;
	});
	const isMeasured = data !== undefined && data.buckets.length > 0 && data.sampled > 0;
	const draw: Draw = useCallback(
		({width, height}) => (isMeasured ? ttlRows(data, width, height, glyphs) : [[span(noData, 'dim')]]),
		[isMeasured, data, glyphs],
	);
	const notes = useMemo(() => {
		if (!isMeasured) return [];
		const mark = isEstimate(data) ? glyphs.approximately : '';
		const place = data.source === 'redis' ? 'in Redis' : 'in memory';
		return [
			[
				span(`${mark}${formatCount(data.total)} keys ${place}`, 'dim'),
				...(old === undefined ? [] : [span(`, ${old} old`, 'warn')]),
			],
		];
	}, [isMeasured, data, old, glyphs]);
	return (
		<Panel title={ttl.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const ttl: PanelEntry = {
	title: 'Time to live',
	component: TtlPanel,
	explain: {
		shows:
			'The number of keys by their remaining time: in Redis until they are removed, which for cache entries is after TTL and grace; in memory until they are stale. The last row has keys that stay longer or do not expire. Counts with a ≈ are estimates from a sample.',
		source:
			'A sample of all keys in Redis, whichever client wrote them; while Redis is unreachable, the entries of the memory tier. The line at the top says which, and from when on it is old.',
		normal:
			'Spread over the rows up to the usual TTL. If all keys are in one row, they were written together and will expire together, which causes a stampede; jitter prevents that.',
	},
};
