import {useCallback, useMemo} from 'react';
import type {TapSnapshot} from '../../../engine/protocol.js';
import {formatCountOf, formatPercent, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {bar} from '../../charts/bar.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useApplication} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {type Column, tableRows} from '../../text/columns.js';
import {span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {followedWords} from './followed-words.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

type Pattern = TapSnapshot['patterns'][number];

/** Hit ratio below which a pattern is highlighted: half of its reads still go to the database. */
const lowHitRatio = 0.5;

/** Cells of the pattern: about a third of the width, which leaves room for the bars. */
const patternWidth = (width: number) => Math.min(40, Math.max(16, Math.floor(width / 3)));

const countCell = (count: number) => span(count === 0 ? '-' : formatShortCount(count), count === 0 ? 'dim' : 'text');

const patternColumns = (width: number, glyphs: Glyphs): readonly Column<Pattern>[] => [
	{title: 'KEYS', width: patternWidth(width), priority: 0, cell: ({pattern}) => span(printable(pattern))},
	{
		title: 'HITS',
		width: 6,
		priority: 2,
		grows: true,
		cell: ({hitRatio}, cells) =>
			hitRatio === null ? span('') : bar(hitRatio, cells, glyphs, hitRatio < lowHitRatio ? 'warn' : 'memory'),
	},
	{
		title: '',
		width: 6,
		align: 'right',
		priority: 1,
		cell: ({hitRatio}) =>
			hitRatio === null ? span('-', 'dim') : span(formatPercent(hitRatio, 0), hitRatio < lowHitRatio ? 'warn' : 'text'),
	},
	{title: 'READS', width: 5, align: 'right', priority: 3, cell: ({reads}) => countCell(reads)},
	{title: 'WRITES', width: 6, align: 'right', priority: 4, cell: ({writes}) => countCell(writes)},
	{title: 'DELETES', width: 7, align: 'right', priority: 5, cell: ({deletes}) => countCell(deletes)},
];

function PatternsPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const application = useApplication();
	const all = application?.patterns;
	const followed = application && followedWords(application);
	const empty = useWhyNoTraffic() ?? (all?.length === 0 ? 'no key read or written yet' : undefined);
	const draw: Draw = useCallback(
		({width, height}) => {
			if (!all || empty !== undefined) return [[span(empty ?? '', 'dim')]];
			const {head, row} = tableRows(patternColumns(width, glyphs), width);
			return [head, ...all.slice(0, Math.max(1, height - 1)).map(row)];
		},
		[all, empty, glyphs],
	);
	const notes = useMemo(
		() =>
			all && all.length > 0
				? (followed === undefined
						? [`${formatCountOf(all.length, 'pattern')}, since the start`, 'since the start']
						: [followed]
					).map((words) => [span(words, 'dim')])
				: [],
		[all, followed],
	);
	return (
		<Panel title={patterns.title} shortTitle="By pattern" notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const patterns: PanelEntry = {
	title: 'Hit ratio by pattern',
	component: PatternsPanel,
	explain: {
		shows:
			'Keys by the pattern of their names, the most used first: the share of reads that found their key, and the numbers of reads, writes and deletes. The pattern of user:42:cart is user:*:cart.',
		source:
			'Keys of commands through the tap since its start. Numbers, UUIDs, hashes, and parts with many different values become *. There are at most 128 patterns; the rest is counted together. Above 20,000 commands a second, only a share of the keys is followed; the title shows it, and counts are estimates.',
		normal:
			'A pattern that is a cache has many more hits than misses, and one write for each miss. A low hit ratio with many writes costs more than it saves: its keys expire or are deleted before they are read again.',
	},
};
