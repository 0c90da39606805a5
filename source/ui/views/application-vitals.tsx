import {useCallback} from 'react';
import type {ApplicationSnapshot, TrafficSlot} from '../../engine/protocol.js';
import {formatLatency} from '../../text/duration.js';
import {formatCount, formatPercent, noData} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {Canvas} from '../charts/canvas.js';
import {latencyScale} from '../charts/scale.js';
import {sparkline} from '../charts/sparkline.js';
import {shadeSpans} from '../charts/time-axis.js';
import {type Draw, Raster} from '../components/raster.js';
import type {Glyphs} from '../glyphs.js';
import {useApplication, useTraffic} from '../hooks/use-application.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useUi} from '../hooks/use-screen.js';
import {hasSameFields} from '../hooks/use-selector.js';
import {useTimeFrame} from '../hooks/use-time-frame.js';
import {formatRate} from '../panels/rate.js';
import {type ApplicationState, applicationState} from '../rows/application/application-state.js';
import {findingCounts} from '../rows/application/finding-rows.js';
import {verdictSentenceRows} from '../rows/verdict-marks.js';
import {chartWindows, type WindowName} from '../state/names.js';
import type {PanelId} from '../state/views/overview-plan.js';
import {hitRatioOfTraffic, rateOf} from '../store/application-sample.js';
import {samplesOf, type TimeFrame} from '../store/time-frame.js';
import {padEnd, padStart, type Row, rowWidth, span} from '../text/row.js';
import type {StyleName} from '../theme.js';

const nameWidth = 13;
const valueWidth = 9;

/** Rows of the sentence on top. */
const sentenceHeight = 3;

/** A figure with its history. `panel`: the panel that Enter enlarges. */
type Vital = {
	readonly panel: PanelId;
	readonly name: string;
	readonly value: (traffic: TrafficSlot) => number | undefined;
	readonly format: (value: number) => string;
	/** Height of a value on the line, 0 to 1. Default: its share of the highest. */
	readonly position?: (value: number) => number;
	readonly style: StyleName;
};

const vitals: readonly Vital[] = [
	{
		panel: 'wire-hits',
		name: 'hit ratio',
		value: hitRatioOfTraffic,
		format: formatPercent,
		position: (value) => value,
		style: 'memory',
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

type Line = {readonly panel: PanelId; readonly name: string; readonly value: string; readonly words: Row};

/** The pattern with the lowest hit ratio. */
function worstPattern(application: ApplicationSnapshot | undefined): Line {
	const [worst] = (application?.patterns ?? [])
		.filter(({hitRatio}) => hitRatio !== null)
		.sort((one, other) => (one.hitRatio ?? 0) - (other.hitRatio ?? 0));
	return {
		panel: 'patterns',
		name: 'fewest hits',
		value: formatPercent(worst?.hitRatio ?? undefined),
		words: worst ? [span(printable(worst.pattern), 'dim')] : [],
	};
}

/** The command with the highest p99. */
function slowestCommand(application: ApplicationSnapshot | undefined): Line {
	const [slowest] = [...(application?.commands.byName ?? [])].sort(
		(one, other) => (other.p99Ms ?? 0) - (one.p99Ms ?? 0),
	);
	return {
		panel: 'by-command',
		name: 'slowest',
		value: formatLatency(slowest?.p99Ms ?? undefined),
		words: slowest ? [span(slowest.name, 'dim')] : [],
	};
}

function findingsLine(application: ApplicationSnapshot | undefined): Line {
	const findings = application?.findings ?? [];
	return {panel: 'findings', name: 'findings', value: formatCount(findings.length), words: findingCounts(findings)};
}

type Input = {
	readonly state: ApplicationState;
	readonly application: ApplicationSnapshot | undefined;
	readonly now: TrafficSlot | undefined;
	readonly frame: TimeFrame;
	readonly window: WindowName;
	readonly focus: PanelId | undefined;
	readonly glyphs: Glyphs;
};

/** A figure with its history as blocks. */
function vitalLine(
	{panel, name, value, format, position, style}: Vital,
	{now, frame, glyphs}: Input,
	columns: number,
): Line {
	const newest = now && value(now);
	const values = samplesOf(frame, columns).map((sample) => sample?.application && value(sample.application));
	const highest = Math.max(1, ...values.map((each) => each ?? 0));
	const heights = values.map((each) => (each === undefined ? undefined : (position?.(each) ?? each / highest)));
	const shown = newest === undefined ? noData : format(newest);
	return {panel, name, value: shown, words: [span(sparkline(heights, 1, glyphs), style)]};
}

function vitalRows(input: Input, width: number): Row[] {
	const {state, application, frame, window, focus, glyphs} = input;
	const columns = Math.max(1, width - nameWidth - valueWidth - 2);
	const outages = new Canvas(columns, 1);
	shadeSpans(outages, frame.outages, frame, glyphs);
	const [hits, latency, ...others] = vitals.map((vital) => vitalLine(vital, input, columns));
	const lines = [
		// The left edge of the time lines, as on the axis of a chart.
		{panel: 'outages', name: 'outages', value: `-${chartWindows[window].label}`, words: outages.row(0)} as const,
		hits,
		worstPattern(application),
		latency,
		slowestCommand(application),
		...others,
		findingsLine(application),
	].filter((line) => line !== undefined);
	// The pointer of a focused sentence takes cells of its own.
	const pointer: Row = focus === 'matter' ? [span(`${glyphs.pointer} `, 'focus')] : [];
	const sentence = verdictSentenceRows(state.level, state.text, width - rowWidth(pointer), sentenceHeight, glyphs);
	return [
		...Array.from({length: sentenceHeight}, (_, index) => [
			...(index === 0 ? pointer : []),
			...(sentence[index] ?? []),
		]),
		...lines.map(
			({panel, name, value, words}): Row => [
				span(padEnd(`${panel === focus ? glyphs.pointer : ' '} ${name}`, nameWidth), panel === focus ? 'focus' : 'dim'),
				span(padStart(value === noData ? '-' : value, valueWidth)),
				span('  '),
				...words,
			],
		),
	];
}

/** The sentence and a line for each figure: what is left of an application on a very small terminal. */
export function ApplicationVitals() {
	const glyphs = useGlyphs();
	const state = useEngine(applicationState, hasSameFields);
	const application = useApplication();
	const now = useTraffic(1);
	const window = useUi((ui) => ui.window);
	const focus = useUi((ui) => ui.focus);
	const frame = useTimeFrame();
	const draw: Draw = useCallback(
		({width}) => vitalRows({state, application, now, frame, window, focus, glyphs}, width),
		[state, application, now, frame, window, focus, glyphs],
	);
	return <Raster draw={draw} />;
}
