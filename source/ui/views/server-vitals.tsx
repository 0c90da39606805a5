import {Box} from 'ink';
import {useCallback} from 'react';
import type {ActivitySnapshot, ServerFigures} from '../../engine/protocol.js';
import {hitRatioOf, perSecond} from '../../inspect/server/activity/merge-figures.js';
import {formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatPercent} from '../../text/number.js';
import {serverLatencyScale} from '../charts/scale.js';
import {sparkline} from '../charts/sparkline.js';
import {PanelFrameContext} from '../components/panel.js';
import {type Draw, Raster} from '../components/raster.js';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useUi} from '../hooks/use-screen.js';
import {useTimeFrame} from '../hooks/use-time-frame.js';
import {panels} from '../panels/index.js';
import {formatRate} from '../panels/rate.js';
import {levelLine} from '../panels/server/timeline.js';
import {verdictRows} from '../panels/server/verdict.js';
import {chartWindows, type WindowName} from '../state/names.js';
import type {PanelId} from '../state/views/overview-plan.js';
import {samplesOf, type TimeFrame} from '../store/time-frame.js';
import {padEnd, padStart, type Row, rowWidth, span} from '../text/row.js';
import type {StyleName} from '../theme.js';

const nameWidth = 13;
const valueWidth = 9;

/** Rows of the sentence on top. */
const verdictHeight = 2;

/** A figure with its history. `panel`: the panel that Enter enlarges. */
type Vital = {
	readonly panel: PanelId;
	readonly name: string;
	readonly value: (figures: ServerFigures) => number | undefined;
	readonly format: (value: number) => string;
	/** Height of a value on the line, 0 to 1. Default: its share of the highest. */
	readonly position?: (value: number) => number;
	readonly style: StyleName;
};

const vitals: readonly Vital[] = [
	{
		panel: 'keyspace',
		name: 'hit ratio',
		value: hitRatioOf,
		format: formatPercent,
		position: (value) => value,
		style: 'memory',
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
	const columns = Math.max(1, width - nameWidth - valueWidth - 2);
	const samples = samplesOf(frame, columns);
	const line = (panel: PanelId, name: string, value: string, history: Row): Row => [
		span(padEnd(`${panel === focus ? glyphs.pointer : ' '} ${name}`, nameWidth), panel === focus ? 'focus' : 'dim'),
		span(padStart(value, valueWidth)),
		span('  '),
		...history,
	];
	// The pointer of a focused sentence takes cells of its own.
	const pointer: Row = focus === 'verdict' ? [span(`${glyphs.pointer} `, 'focus')] : [];
	const room = width - rowWidth(pointer);
	const verdict = activity ? verdictRows(activity, room, verdictHeight, glyphs) : [[span('starting', 'dim')]];
	return [
		...Array.from({length: verdictHeight}, (_, index) => [...(index === 0 ? pointer : []), ...(verdict[index] ?? [])]),
		// The left edge of the time lines, as on the axis of a chart.
		line('timeline', 'state', `-${chartWindows[window].label}`, levelLine(frame, columns, glyphs)),
		...vitals.map(({panel, name, value, format, position, style}) => {
			const now = activity?.latest && value(activity.latest);
			const values = samples.map((sample) => sample?.server && value(sample.server));
			const highest = Math.max(1, ...values.map((each) => each ?? 0));
			const heights = values.map((each) => (each === undefined ? undefined : (position?.(each) ?? each / highest)));
			return line(panel, name, now === undefined ? '-' : format(now), [span(sparkline(heights, 1, glyphs), style)]);
		}),
	];
}

/** The sentence, a line for each figure, and the latest events: what is left of a server on a very small terminal. */
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
