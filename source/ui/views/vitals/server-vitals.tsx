import {Box} from 'ink';
import {useCallback} from 'react';
import type {ActivitySnapshot, ServerFigures} from '../../../engine/protocol.js';
import {hitRatioOf, perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCount, formatPercent} from '../../../text/number.js';
import {serverLatencyScale} from '../../charts/scale.js';
import {PanelFrameContext} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {panels} from '../../panels/index.js';
import {formatRate} from '../../panels/rate.js';
import {levelLine} from '../../panels/server/timeline.js';
import {verdictRows} from '../../panels/server/verdict.js';
import type {Vital} from '../../rows/vital.js';
import {chartWindows, type WindowName} from '../../state/names.js';
import type {PanelId} from '../../state/views/plans/overview-plan.js';
import {samplesOf, type TimeFrame} from '../../store/time-frame.js';
import {type Row, span} from '../../text/row.js';
import {type FigureVital, figureVital, historyColumns, sentenceRows, vitalRow} from './vital-rows.js';

/** Rows of the sentence on top. */
const verdictHeight = 2;

const vitals: readonly FigureVital<ServerFigures>[] = [
	{
		panel: 'keyspace',
		name: 'hit ratio',
		value: hitRatioOf,
		format: formatPercent,
		position: (value) => value,
		style: 'memory',
		isAverage: true,
	},
	{
		panel: 'server-latency',
		name: 'p99',
		value: ({latency}) => latency.p99 ?? latency.mean,
		format: formatLatency,
		position: serverLatencyScale.position,
		style: 'tail',
	},
	{
		panel: 'commands',
		name: 'commands',
		value: (figures) => perSecond(figures.commands, figures),
		format: formatRate,
		style: 'accent',
	},
	{panel: 'memory', name: 'memory', value: ({usedMemory}) => usedMemory, format: formatBytes, style: 'accent'},
	{
		panel: 'removals',
		name: 'evicted',
		value: (figures) => perSecond(figures.evicted, figures),
		format: formatRate,
		style: 'bad',
	},
	{panel: 'clients', name: 'clients', value: (figures) => figures.clients, format: formatCount, style: 'accent'},
	{
		panel: 'errors',
		name: 'failed',
		value: (figures) => perSecond(figures.failedCommands, figures),
		format: formatRate,
		style: 'bad',
	},
];

type Input = {
	readonly activity: ActivitySnapshot | undefined;
	readonly frame: TimeFrame;
	readonly window: WindowName;
	readonly focus: PanelId | undefined;
	readonly glyphs: Glyphs;
};

function vitalRows({activity, frame, window, focus, glyphs}: Input, width: number): Row[] {
	const columns = historyColumns(width);
	const history = samplesOf(frame, columns).map((sample) => sample?.server);
	const sentence = (room: number) =>
		activity ? verdictRows(activity, room, verdictHeight, glyphs) : [[span('starting', 'dim')]];
	const state: Vital = {
		panel: 'timeline',
		name: 'state',
		// The left edge of the time lines, as on the axis of a chart.
		value: `-${chartWindows[window].label}`,
		style: 'text',
		history: levelLine(frame, columns, glyphs),
	};
	const newest = {now: activity?.latest, lately: activity?.recent};
	const figures = vitals.map((vital) => figureVital(vital, newest, history, glyphs));
	return [
		...sentenceRows(sentence, {isFocused: focus === 'verdict', width, height: verdictHeight}, glyphs),
		...[state, ...figures].map((vital) => vitalRow(vital, focus, glyphs)),
	];
}

/** The sentence, a line for each figure, and the latest events: the overview of a server on a very small terminal. */
export function ServerVitals() {
	const glyphs = useGlyphs();
	const activity = useEngine(
		({snapshot}) => snapshot?.activity,
		(before, after) => before?.latest?.at === after?.latest?.at && before?.verdict.level === after?.verdict.level,
	);
	const window = useUi((ui) => ui.window);
	const focus = useUi((ui) => ui.focus);
	const frame = useTimeFrame();
	const draw: Draw = useCallback(
		({width}) => vitalRows({activity, frame, window, focus, glyphs}, width),
		[activity, frame, window, focus, glyphs],
	);
	const {component: Events} = panels.events;
	return (
		<Box flexDirection="column" flexGrow={1}>
			<Raster draw={draw} height={verdictHeight + 1 + vitals.length} />
			<PanelFrameContext value="rule">
				<Events isFocused={focus === 'events'} />
			</PanelFrameContext>
		</Box>
	);
}
