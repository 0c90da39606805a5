import {useCallback, useMemo} from 'react';
import type {EngineSnapshot, KeyTtls} from '../../engine/protocol.js';
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
import type {StyleName} from '../theme.js';
import type {PanelEntry, PanelProps} from './panel.js';
import {whyEmpty} from './server/why-empty.js';
import {condenseBuckets, ttlLabel} from './ttl-buckets.js';

/** Milliseconds after which the age of the sample is shown. */
const oldMs = 15_000;

/** Below this width the shares are left out. */
const narrow = 40;

/** Keys with a TTL. */
const withTtl = ({total, withoutTtl = 0}: KeyTtls) => Math.max(0, total - withoutTtl);

const isEstimate = (data: KeyTtls) => withTtl(data) > data.sampled;

function ttlRows(data: KeyTtls, width: number, height: number, glyphs: Glyphs): Row[] {
	const {buckets, withoutTtl, sampled} = data;
	const factor = isEstimate(data) && sampled > 0 ? withTtl(data) / sampled : 1;
	const mark = isEstimate(data) ? glyphs.approximately : '';
	const isWide = width >= narrow;
	const sum = buckets.reduce((total, bucket) => total + bucket.count * factor, withoutTtl ?? 0);
	const entry = (label: string, count: number, sign: string, style: StyleName) => {
		const share = formatPercent(sum === 0 ? undefined : count / sum, 0).padStart(5);
		return {
			label,
			value: count,
			note: `${count > 0 ? sign : ''}${formatShortCount(count)}${isWide ? ` ${share}` : ''}`,
			style,
		};
	};
	const rows = condenseBuckets(buckets, height - (withoutTtl === undefined ? 0 : 1)).map((bucket) =>
		entry(ttlLabel(bucket.label), bucket.count * factor, mark, bucket.upToMs === 0 ? 'warn' : 'accent'),
	);
	// This number comes from the server, and is not an estimate.
	if (withoutTtl !== undefined) rows.push(entry('no TTL', withoutTtl, '', 'miss'));
	return histogram(rows, width, glyphs, isWide ? 13 : 7);
}

/** Why there are no figures about the keys of a server. */
function whyEmptyServer(snapshot: EngineSnapshot): string {
	return snapshot.server?.keys === 0 ? 'no keys' : whyEmpty(snapshot);
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
	const isMeasured = data !== undefined && data.buckets.length > 0 && data.sampled + (data.withoutTtl ?? 0) > 0;
	const empty = useEngine(({snapshot}) => (snapshot?.source === 'server' ? whyEmptyServer(snapshot) : noData));
	const draw: Draw = useCallback(
		({width, height}) => (isMeasured ? ttlRows(data, width, height, glyphs) : [[span(empty, 'dim')]]),
		[isMeasured, data, empty, glyphs],
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
			'The number of keys by their remaining time: in Redis until they are removed, which for cache entries is after TTL and grace; in memory until they are stale. Keys in Redis without a TTL have a separate row. Counts with a ≈ are estimates from a sample.',
		source:
			'A sample of all keys in Redis, whichever client wrote them; while Redis is unreachable, the entries of the memory tier. The line at the top says which, and how old it is. Redis counts each TTL command as a lookup. So on a Redis that this program did not start, it samples only twenty keys every ten seconds, or every minute if applications look up fewer than 200 keys a second. The number of keys without a TTL is from INFO.',
		normal:
			'Spread over the rows up to the usual TTL. If all keys are in one row, they were written together and will expire together, which causes a stampede; jitter prevents that.',
	},
};
