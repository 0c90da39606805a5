import {useCallback, useMemo} from 'react';
import type {ApplicationSnapshot, TrafficSlot} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Canvas} from '../../charts/canvas.js';
import {latencyScale} from '../../charts/scale.js';
import {shadeSpans} from '../../charts/time-axis.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useApplication, useTraffic} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {formatRate} from '../../panels/rate.js';
import {type ApplicationState, applicationState} from '../../rows/application/application-state.js';
import {findingCounts} from '../../rows/application/finding-rows.js';
import {verdictSentenceRows} from '../../rows/verdict-marks.js';
import type {Vital} from '../../rows/vital.js';
import {chartWindows, type WindowName} from '../../state/names.js';
import type {PanelId} from '../../state/views/plans/overview-plan.js';
import {hitRatioOfTraffic, rateOf} from '../../store/application-sample.js';
import {samplesOf, type TimeFrame} from '../../store/time-frame.js';
import {type Row, span} from '../../text/row.js';
import {
	type FigureVital,
	figureVital,
	figureWords,
	historyColumns,
	type NewestFigures,
	sentenceRows,
	vitalRow,
} from './vital-rows.js';

/** Rows of the sentence on top. */
const sentenceHeight = 3;

const vitals: readonly FigureVital<TrafficSlot>[] = [
	{
		panel: 'wire-hits',
		name: 'hit ratio',
		value: hitRatioOfTraffic,
		format: formatPercent,
		position: (value) => value,
		style: 'memory',
		isAverage: true,
	},
	{
		panel: 'wire-latency',
		name: 'p99',
		value: ({p99Ms}) => p99Ms ?? undefined,
		format: formatLatency,
		position: latencyScale.position,
		style: 'tail',
	},
	{
		panel: 'wire-commands',
		name: 'commands',
		value: (traffic) => rateOf(traffic.commands, traffic),
		format: formatRate,
		style: 'accent',
	},
	{
		panel: 'wire-errors',
		name: 'failed',
		value: (traffic) => rateOf(traffic.errors + traffic.lost, traffic),
		format: formatRate,
		style: 'bad',
	},
	{panel: 'connections', name: 'connections', value: ({open}) => open, format: formatCount, style: 'accent'},
	{panel: 'connections', name: 'busy', value: ({busy}) => busy, format: formatCount, style: 'warn'},
];

/** The pattern with the lowest hit ratio. */
function worstPattern(application: ApplicationSnapshot | undefined): Vital {
	const [worst] = (application?.patterns ?? [])
		.filter(({hitRatio}) => hitRatio !== null)
		.sort((one, other) => (one.hitRatio ?? 0) - (other.hitRatio ?? 0));
	return {
		panel: 'patterns',
		name: 'fewest hits',
		value: figureWords(worst?.hitRatio, formatPercent),
		style: 'text',
		history: worst ? [span(printable(worst.pattern), 'dim')] : [],
	};
}

/** The command with the highest p99. */
function slowestCommand(application: ApplicationSnapshot | undefined): Vital {
	const [slowest] = [...(application?.commands.byName ?? [])].sort(
		(one, other) => (other.p99Ms ?? 0) - (one.p99Ms ?? 0),
	);
	return {
		panel: 'by-command',
		name: 'slowest',
		value: figureWords(slowest?.p99Ms, formatLatency),
		style: 'text',
		history: slowest ? [span(slowest.name, 'dim')] : [],
	};
}

function findingsLine(application: ApplicationSnapshot | undefined): Vital {
	const findings = application?.findings ?? [];
	return {
		panel: 'findings',
		name: 'findings',
		value: formatCount(findings.length),
		style: 'text',
		history: findingCounts(findings),
	};
}

type Input = {
	readonly state: ApplicationState;
	readonly application: ApplicationSnapshot | undefined;
	readonly newest: NewestFigures<TrafficSlot>;
	readonly frame: TimeFrame;
	readonly window: WindowName;
	readonly focus: PanelId | undefined;
	readonly glyphs: Glyphs;
};

function vitalRows({state, application, newest, frame, window, focus, glyphs}: Input, width: number): Row[] {
	const columns = historyColumns(width);
	const outages = new Canvas(columns, 1);
	shadeSpans(outages, frame.outages, frame, glyphs);
	const history = samplesOf(frame, columns).map((sample) => sample?.application);
	const [hits, latency, ...others] = vitals.map((vital) => figureVital(vital, newest, history, glyphs));
	const lines = [
		{
			panel: 'outages',
			name: 'outages',
			// The left edge of the time lines, as on the axis of a chart.
			value: `-${chartWindows[window].label}`,
			style: 'text',
			history: outages.row(0),
		} as const,
		hits,
		worstPattern(application),
		latency,
		slowestCommand(application),
		...others,
		findingsLine(application),
	].filter((line) => line !== undefined);
	const sentence = (room: number) => verdictSentenceRows(state.level, state.text, room, sentenceHeight, glyphs);
	return [
		...sentenceRows(sentence, {isFocused: focus === 'matter', width, height: sentenceHeight}, glyphs),
		...lines.map((vital) => vitalRow(vital, focus, glyphs)),
	];
}

/** The sentence and a line for each figure: the overview of an application on a very small terminal. */
export function ApplicationVitals() {
	const glyphs = useGlyphs();
	const state = useEngine(applicationState, hasSameFields);
	const application = useApplication();
	const now = useTraffic(1);
	const lately = useTraffic(10);
	const newest = useMemo(() => ({now, lately}), [now, lately]);
	const window = useUi((ui) => ui.window);
	const focus = useUi((ui) => ui.focus);
	const frame = useTimeFrame();
	const draw: Draw = useCallback(
		({width}) => vitalRows({state, application, newest, frame, window, focus, glyphs}, width),
		[state, application, newest, frame, window, focus, glyphs],
	);
	return <Raster draw={draw} />;
}
