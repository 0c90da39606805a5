import {useCallback, useMemo} from 'react';
import type {TapSnapshot} from '../../../engine/protocol.js';
import {formatCount, formatPercent, formatShortCount} from '../../../text/number.js';
import {histogram} from '../../charts/histogram.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useApplication} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {condenseBuckets, ttlLabel} from '../ttl-buckets.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

type Writes = TapSnapshot['writes'];

/** Below this width the shares are left out. */
const narrow = 40;

/** Counts that are not of a TTL, with their labels. Only the first one has a row when it is 0. */
const others = {none: 'no TTL', kept: 'as before', unknown: 'unknown'} as const;

const isOther = (label: string): label is keyof typeof others => Object.hasOwn(others, label);

function ttlRows({ttls}: Writes, width: number, height: number, glyphs: Glyphs): Row[] {
	const isWide = width >= narrow;
	const rest = ttls.filter(({label, count}) => isOther(label) && (label === 'none' || count > 0));
	const buckets = condenseBuckets(
		ttls.filter(({label}) => !isOther(label)),
		height - rest.length,
	);
	const total = ttls.reduce((sum, {count}) => sum + count, 0);
	const entries = [...buckets, ...rest].map(({label, count}) => {
		const share = formatPercent(total === 0 ? undefined : count / total, 0).padStart(5);
		return {
			label: isOther(label) ? others[label] : ttlLabel(label),
			value: count,
			note: `${formatShortCount(count)}${isWide ? ` ${share}` : ''}`,
			style: label === 'none' ? ('warn' as const) : isOther(label) ? ('dim' as const) : ('accent' as const),
		};
	});
	return histogram(entries, width, glyphs, isWide ? 12 : 6);
}

function WrittenTtlPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const writes = useApplication()?.writes;
	const empty = useWhyNoTraffic() ?? (writes?.total === 0 ? 'no writes yet' : undefined);
	const draw: Draw = useCallback(
		({width, height}) =>
			writes && empty === undefined ? ttlRows(writes, width, height, glyphs) : [[span(empty ?? '', 'dim')]],
		[writes, empty, glyphs],
	);
	const notes = useMemo(
		() => (writes && writes.total > 0 ? [[span(`${formatCount(writes.total)} keys written`, 'dim')]] : []),
		[writes],
	);
	return (
		<Panel title={writtenTtl.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const writtenTtl: PanelEntry = {
	title: 'TTLs written',
	component: WrittenTtlPanel,
	explain: {
		shows:
			'The TTLs of the keys that the application writes. Keys without a TTL have a separate row. As before: the write keeps the TTL of the key (HSET, INCR, SET with KEEPTTL). Unknown: a script decides.',
		source: 'The arguments of write commands through the tap since its start.',
		normal:
			'As intended, and in a cache no key without a TTL: such keys stay until they are evicted. Equal TTLs are a problem only for keys written at the same time: they expire together.',
	},
};
