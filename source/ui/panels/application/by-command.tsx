import {useCallback, useMemo} from 'react';
import type {TapSnapshot} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatShortCount} from '../../../text/number.js';
import {bar} from '../../charts/bar.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useApplication} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {type Column, tableRows} from '../../text/columns.js';
import {span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

type CommandCount = TapSnapshot['commands']['byName'][number];

const latencyCell = (ms: number | null) => (ms === null ? span('-', 'dim') : span(formatLatency(ms)));

/** From this width on the names of all but the longest commands fit. */
const wideFrom = 50;

const commandColumns = (total: number, width: number, glyphs: Glyphs): readonly Column<CommandCount>[] => [
	{title: 'COMMAND', width: width >= wideFrom ? 14 : 12, priority: 0, cell: ({name}) => span(name)},
	{
		title: 'SHARE',
		width: 6,
		priority: 5,
		grows: true,
		cell: ({count}, cells) => bar(count / Math.max(1, total), cells, glyphs, 'accent'),
	},
	{title: 'COUNT', width: 6, align: 'right', priority: 3, cell: ({count}) => span(formatShortCount(count))},
	{title: 'P50', width: 7, align: 'right', priority: 2, cell: ({p50Ms}) => latencyCell(p50Ms)},
	{title: 'P99', width: 7, align: 'right', priority: 1, cell: ({p99Ms}) => latencyCell(p99Ms)},
	{
		title: 'ERRORS',
		width: 6,
		align: 'right',
		priority: 4,
		cell: ({errors}) => span(errors === 0 ? '-' : formatShortCount(errors), errors === 0 ? 'dim' : 'bad'),
	},
];

function ByCommandPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const commands = useApplication()?.commands;
	const empty = useWhyNoTraffic();
	const draw: Draw = useCallback(
		({width, height}) => {
			if (!commands || empty !== undefined) return [[span(empty ?? '', 'dim')]];
			const {head, row} = tableRows(commandColumns(commands.total, width, glyphs), width);
			return [head, ...commands.byName.slice(0, Math.max(1, height - 1)).map(row)];
		},
		[commands, empty, glyphs],
	);
	const notes = useMemo(
		() => (commands && commands.total > 0 ? [[span(`${formatCount(commands.total)} since the start`, 'dim')]] : []),
		[commands],
	);
	return (
		<Panel title={byCommand.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const byCommand: PanelEntry = {
	title: 'By command',
	component: ByCommandPanel,
	explain: {
		shows:
			'The commands of the application, the most frequent first: their share, their number, the median and p99 of the time to the reply, and their errors.',
		source:
			'Requests and replies through the tap since its start. Times are at most one sixteenth too high; blocking commands have none.',
		normal:
			'All commands about equally fast. KEYS, SMEMBERS, HGETALL, LRANGE of whole lists, FLUSHALL and long scripts delay all other commands, which also raises their p99.',
	},
};
