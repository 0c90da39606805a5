import {bar} from '../charts/bar.js';
import {modeColumns, modeLine} from '../charts/mode-line.js';
import {latencyScale} from '../charts/scale.js';
import {sparkline} from '../charts/sparkline.js';
import {columnsOf} from '../charts/time-axis.js';
import {count, latency, noData, percent, shortCount} from '../format.js';
import type {Sample} from '../sample.js';
import {fitRow, padEnd, padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {eventRow, notable} from './events.js';
import {hitRatioOf} from './hit-ratio.js';
import {storyRow} from './outage-story.js';
import type {PanelInput} from './panel.js';
import {windows} from './panel.js';
import {loadStyle} from './pool.js';
import {recent, samplesOf} from './time-frame.js';

const nameWidth = 13;
const valueWidth = 9;

export type Vital = {readonly panel: string; readonly row: Row};

/** One line for each figure, with its recent past: what is left of the overview on a very small screen. */
export function vitals(input: PanelInput, width: number, focus: string | undefined): Vital[] {
	const {state, glyphs} = input;
	const snapshot = state.snapshot;
	const columns = Math.max(1, width - nameWidth - valueWidth - 2);
	const {samples, end, windowSeconds} = samplesOf(input, columns);
	const frame = {from: end - windowSeconds * 1000, to: end};
	const vital = (panel: string, name: string, value: string, style: StyleName, past: Row): Vital => ({
		panel,
		row: [
			span(padEnd(`${panel === focus ? glyphs.pointer : ' '} ${name}`, nameWidth), panel === focus ? 'focus' : 'dim'),
			span(padStart(value, valueWidth), style),
			span('  '),
			...past,
		],
	});
	const spark = (of: (sample: Sample) => number | undefined, max: number, style: StyleName): Row => [
		span(
			sparkline(
				samples.map((sample) => (sample ? of(sample) : undefined)),
				max,
				glyphs,
			),
			style,
		),
	];
	const modes = modeColumns(state.modes, columns, frame);
	const marks = Array.from({length: columns}, () => ' ');
	for (const outage of state.outages) {
		const covered = columnsOf(outage, frame, columns);
		if (covered) marks.fill(glyphs.shade, covered[0], covered[1]);
	}
	const workload = snapshot?.workload;
	const now = workload?.running ? workload.settle : snapshot?.cache.latency.get;
	const lastSecond = recent(input, 1);
	const rate = lastSecond && lastSecond.seconds > 0 ? lastSecond.calls / lastSecond.seconds : undefined;
	const mostCalls = Math.max(
		1,
		...samples.map((sample) => (sample && sample.seconds > 0 ? sample.calls / sample.seconds : 0)),
	);
	const pool = snapshot?.cache.pool;
	const journal = snapshot?.cache.journal;
	const wrong = workload && workload.calls > 0 ? workload.wrongReads : undefined;
	return [
		vital('modes', 'mode', windows[input.window].label, 'dim', modeLine(modes, glyphs)),
		vital('modes', 'outage', state.snapshot && state.snapshot.faults.length > 0 ? 'now' : '', 'bad', [
			span(marks.join(''), 'shade'),
		]),
		vital('hit-ratio', 'hit ratio', percent(hitRatioOf(recent(input, 10))), 'text', spark(hitRatioOf, 1, 'memory')),
		vital(
			'latency',
			'p99',
			latency(now?.p99),
			'text',
			spark((sample) => (sample.p99 === undefined ? undefined : latencyScale.position(sample.p99)), 1, 'tail'),
		),
		vital(
			'hit-ratio',
			'calls/s',
			shortCount(rate),
			'text',
			spark((sample) => (sample.seconds > 0 ? sample.calls / sample.seconds : undefined), mostCalls, 'accent'),
		),
		vital(
			'pool',
			'pool',
			percent(pool?.utilisation),
			'text',
			pool ? bar(pool.utilisation, columns, glyphs, loadStyle(pool.utilisation)) : [],
		),
		vital(
			'tiers',
			'journal',
			journal ? count(journal.size) : noData,
			journal && journal.size > 0 ? 'warn' : 'text',
			spark((sample) => sample.journal, Math.max(1, journal?.max ?? 1), 'warn'),
		),
		vital('wrong-reads', 'wrong reads', wrong === undefined ? noData : count(wrong), wrong ? 'alarm' : 'good', [
			span(
				wrong
					? `${glyphs.fail} the cache has lied`
					: wrong === 0
						? `${glyphs.pass} in ${count(workload?.calls)} calls`
						: '',
				wrong ? 'bad' : 'dim',
			),
		]),
	];
}

/** The vitals and, below them, as many events as there is room for. */
export function drawVitals(input: PanelInput, width: number, height: number, focus: string | undefined): Row[] {
	const all = vitals(input, width, focus).map((vital) => vital.row);
	// Less room for its name than the other lines have: it is words, and as many of them as can be.
	const label = (input.state.snapshot?.faults.length ?? 0) > 0 ? '  now  ' : '  last ';
	const story: Row = [span(label, 'dim'), ...storyRow(input, width - label.length)];
	const rows = [...all.slice(0, 2), story, ...all.slice(2)];
	const room = height - rows.length - 1;
	if (room < 1) return rows.slice(0, height);
	const events = notable(input.state).slice(-room);
	const title: Row = [
		span(input.glyphs.horizontal, 'border'),
		span(` ${focus === 'events' ? `${input.glyphs.pointer} ` : ''}Events `, focus === 'events' ? 'focus' : 'title'),
		span(input.glyphs.horizontal.repeat(Math.max(0, width - 9)), 'border'),
	];
	return [...rows, fitRow(title, width), ...events.map((event) => eventRow(event, input.glyphs, width))];
}

/** Where Tab goes on a very small screen. */
export const vitalsOrder = ['modes', 'hit-ratio', 'latency', 'pool', 'tiers', 'wrong-reads', 'events'] as const;
