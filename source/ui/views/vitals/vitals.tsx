import {isDeepStrictEqual} from 'node:util';
import {Box} from 'ink';
import {useCallback} from 'react';
import type {LiveLoads} from '../../../engine/protocol.js';
import type {ModeChange} from '../../../metrics/snapshot.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent, formatShortCount, noData} from '../../../text/number.js';
import {bar} from '../../charts/bar.js';
import {Canvas} from '../../charts/canvas.js';
import {modeColumns, modeLine} from '../../charts/mode-line.js';
import {latencyScale} from '../../charts/scale.js';
import {sparkline} from '../../charts/sparkline.js';
import {shadeSpans} from '../../charts/time-axis.js';
import {PanelFrameContext} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {type OutageSummary, useOutageSummary} from '../../hooks/use-outage-summary.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {currentLatency} from '../../panels/cache/latency.js';
import {panels} from '../../panels/index.js';
import {loadStyle} from '../../rows/lane.js';
import {processState} from '../../rows/process/process-state.js';
import {loadsVital, type ProcessFigures, processVital} from '../../rows/process/process-vitals.js';
import type {Vital} from '../../rows/vital.js';
import {chartWindows, type WindowName} from '../../state/names.js';
import type {PanelId} from '../../state/views/plans/overview-plan.js';
import type {Sample} from '../../store/sample.js';
import type {StoreState} from '../../store/store.js';
import {callRateOf, hitRatioOf, recent, samplesOf, type TimeFrame} from '../../store/time-frame.js';
import {type Row, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';
import {historyColumns, vitalRow} from './vital-rows.js';

/** The newest figures. Undefined fields: nothing was measured yet. */
type Figures = {
	readonly hitRatio: number | undefined;
	readonly p99: number | undefined;
	readonly callRate: number | undefined;
	readonly utilization: number | undefined;
	readonly journal: {readonly size: number; readonly max: number} | undefined;
	readonly workload: {readonly calls: number; readonly wrongReads: number} | undefined;
	/** Of a live process. */
	readonly loads: LiveLoads | undefined;
	readonly process: ProcessFigures | undefined;
};

function figuresOf(state: StoreState): Figures {
	const {snapshot} = state;
	const {journal, pool} = snapshot?.cache ?? {};
	return {
		hitRatio: hitRatioOf(recent(state, 10)),
		p99: snapshot && currentLatency(snapshot).p99,
		callRate: callRateOf(recent(state, 1)),
		utilization: pool?.utilisation,
		journal: journal && {size: journal.size, max: journal.max},
		workload: snapshot && {calls: snapshot.workload.calls, wrongReads: snapshot.workload.wrongReads},
		loads: snapshot?.attached?.loads,
		process: snapshot?.attached && {...processState(state), state: snapshot.attached.state},
	};
}

type VitalsInput = {
	readonly figures: Figures;
	readonly modes: readonly ModeChange[];
	readonly frame: TimeFrame;
	readonly window: WindowName;
	readonly summary: OutageSummary;
	readonly focus: PanelId | undefined;
	readonly glyphs: Glyphs;
};

function wrongReadsVital({figures: {workload}, glyphs}: VitalsInput): Vital {
	const wrong = workload && workload.calls > 0 ? workload.wrongReads : undefined;
	const verdict =
		wrong === undefined
			? ''
			: wrong > 0
				? `${glyphs.fail} reads returned outdated values`
				: `${glyphs.pass} none in ${formatCount(workload?.calls)} calls`;
	return {
		panel: 'wrong-reads',
		name: 'wrong reads',
		value: wrong === undefined ? noData : formatCount(wrong),
		style: wrong ? 'alarm' : 'good',
		history: [span(verdict, wrong ? 'bad' : 'dim')],
	};
}

function vitalsOf(input: VitalsInput, columns: number): readonly Vital[] {
	const {figures, modes, frame, window, glyphs} = input;
	const {journal, utilization} = figures;
	const samples = samplesOf(frame, columns);
	const spark = (value: (sample: Sample) => number | undefined, max: number, style: StyleName): Row => [
		span(
			sparkline(
				samples.map((sample) => sample && value(sample)),
				max,
				glyphs,
			),
			style,
		),
	];
	const outages = new Canvas(columns, 1);
	shadeSpans(outages, frame.outages, frame, glyphs);
	const highestRate = Math.max(1, ...samples.map((sample) => callRateOf(sample) ?? 0));
	const mode: Vital = {
		panel: 'modes',
		name: 'mode',
		// The left edge of the time lines, as on the axis of a chart.
		value: `-${chartWindows[window].label}`,
		style: 'dim',
		history: modeLine(modeColumns(modes, columns, frame), glyphs),
	};
	const outage: Vital = {
		panel: 'modes',
		name: 'outage',
		value: input.summary.isActive ? 'now' : '',
		style: 'bad',
		history: outages.row(0),
	};
	return [
		...(figures.process ? [processVital(figures.process), mode] : [mode, outage]),
		{
			panel: 'hit-ratio',
			name: 'hit ratio',
			value: formatPercent(figures.hitRatio),
			style: 'text',
			history: spark(hitRatioOf, 1, 'memory'),
		},
		{
			panel: 'latency',
			name: 'p99',
			value: formatLatency(figures.p99),
			style: 'text',
			history: spark(({p99}) => (p99 === undefined ? undefined : latencyScale.position(p99)), 1, 'tail'),
		},
		{
			panel: 'hit-ratio',
			name: 'calls/s',
			value: formatShortCount(figures.callRate),
			style: 'text',
			history: spark(callRateOf, highestRate, 'accent'),
		},
		{
			panel: 'pool',
			name: 'pool',
			value: formatPercent(utilization),
			style: 'text',
			history: utilization === undefined ? [] : bar(utilization, columns, glyphs, loadStyle(utilization)),
		},
		{
			panel: 'tiers',
			name: 'journal',
			value: journal ? formatCount(journal.size) : noData,
			style: journal && journal.size > 0 ? 'warn' : 'text',
			history: spark((sample) => sample.journal, Math.max(1, journal?.max ?? 1), 'warn'),
		},
		figures.loads ? loadsVital(figures.loads) : wrongReadsVital(input),
	];
}

/** Rows of the figures, with the summary of the latest outage after the time line of outages. */
function vitalRows(input: VitalsInput, width: number): Row[] {
	const {focus, glyphs, summary} = input;
	const rows = vitalsOf(input, historyColumns(width)).map((vital) => vitalRow(vital, focus, glyphs));
	// A shorter name than in other rows, to leave more room for the summary.
	const name = summary.isActive ? '  now  ' : '  last ';
	return [...rows.slice(0, 2), [span(name, 'dim'), ...summary.row(width - name.length)], ...rows.slice(2)];
}

const rowCount = 9;

/** A line for each figure, and the latest events: the overview on a very small terminal. */
export function Vitals() {
	const glyphs = useGlyphs();
	const figures = useEngine(figuresOf, isDeepStrictEqual);
	const modes = useEngine((state) => state.modes);
	const window = useUi((ui) => ui.window);
	const focus = useUi((ui) => ui.focus);
	const frame = useTimeFrame();
	const summary = useOutageSummary();
	const draw: Draw = useCallback(
		({width}) => vitalRows({figures, modes, frame, window, summary, focus, glyphs}, width),
		[figures, modes, frame, window, summary, focus, glyphs],
	);
	const {component: Events} = panels.events;
	return (
		<Box flexDirection="column" flexGrow={1}>
			<Raster draw={draw} height={rowCount} />
			<PanelFrameContext value="rule">
				<Events isFocused={focus === 'events'} />
			</PanelFrameContext>
		</Box>
	);
}
