import type {DrillReport} from '../../../drills/drill-report.js';
import type {DrillRecording} from '../../../drills/recording/drill-recording.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatPercent} from '../../../text/number.js';
import {modeList, modesWords, secondsWords, shareWords} from '../../words.js';
import {type BandRow, bandChart, stripChart} from '../charts/band-chart.js';
import type {TimeSpan} from '../charts/chart.js';
import {latencyChart} from '../charts/latency-chart.js';
import {lineChart} from '../charts/line-chart.js';
import {type MarkRow, markChart} from '../charts/mark-chart.js';
import {timeAxis} from '../charts/time-axis.js';
import {type Html, html, type Part} from '../html.js';
import {type TimelinePart, timelineParts} from './timeline-parts.js';
import {timelineTable} from './timeline-table.js';

/** Maximum number of points of a line: more cannot be distinguished on a phone. */
const maxPoints = 120;

/** Maximum number of different faults and changes of the traffic that are drawn. The table of steps has all. */
const maxBands = 10;

/** The time axis that all charts of a drill share. */
export function timeSpanOf(report: DrillReport, recording: DrillRecording | undefined): TimeSpan {
	const steps = recording?.steps ?? [];
	return {
		totalMs: Math.max(1, report.durationMs),
		faults: steps.filter(({kind}) => kind === 'fault'),
	};
}

/** The course of a drill: charts with a common time axis, one below the other, and a table. */
export function timelines(id: string, report: DrillReport, recording: DrillRecording): Html {
	const time = timeSpanOf(report, recording);
	// On an application the drill makes no calls.
	if (report.application !== undefined)
		return html`${steps(id, time, recording)}${timeAxis(time)}
`;
	const parts = timelineParts(recording, time.totalMs, maxPoints);
	return html`${steps(id, time, recording)}${modes(id, time, report)}${latency(id, time, report, recording)}${timeAxis(time)}
${marks(id, time, recording)}${hitRatio(id, time, report, parts)}${rate(id, time, report, parts)}${journal(id, time, report, parts)}${timeAxis(time)}
${timelineTable(report, recording, time)}`;
}

function steps(id: string, time: TimeSpan, {steps}: DrillRecording): Part {
	const labels = [...new Set(steps.map(({label}) => label))].slice(0, maxBands);
	if (labels.length === 0) return undefined;
	const rows = labels.map((label): BandRow => {
		const bars = steps.filter((step) => step.label === label).map((step) => ({...step, style: step.kind, label: ''}));
		const spans = bars.slice(0, 2).map(({fromMs, toMs}) => `${secondsWords(fromMs)} to ${secondsWords(toMs)}`);
		const more = bars.length > 2 ? `, ${bars.length} times in all` : '';
		return {label: `${label}: ${spans.join(', ')}${more}`, bars};
	});
	const description = `${rows.map(({label}) => label).join('. ')}.`;
	const caption = html`<b>Faults and changes of the traffic</b>`;
	return bandChart({
		id: `${id}-steps`,
		caption,
		title: 'Faults and changes of the traffic over time',
		description,
		time,
		rows,
	});
}

function modes(id: string, time: TimeSpan, report: DrillReport): Html {
	const bars = report.modes.map(({mode, atMs}, index) => ({
		fromMs: atMs,
		toMs: report.modes[index + 1]?.atMs ?? time.totalMs,
		style: mode,
		label: mode,
	}));
	const name = report.subject === undefined ? 'Mode of the cache' : 'The cache as seen from outside';
	return stripChart({
		id: `${id}-modes`,
		caption: html`<b>${name}</b> <span class="soft">${modeList(report)}</span>`,
		title: `${name} over time`,
		description: modesWords(report),
		time,
		bars,
	});
}

function latency(id: string, time: TimeSpan, report: DrillReport, {slotMs, dots, deadlineMs}: DrillRecording): Html {
	const {p50, p99, max} = report.settleMs;
	const words = `median ${formatLatency(p50)}, 99 % within ${formatLatency(p99)}, slowest ${formatLatency(max)}`;
	return latencyChart({
		id: `${id}-latency`,
		caption: html`<b>Time until calls settled</b> <span class="soft">${words}; dots at when calls were due, the darker the more</span>`,
		title: 'Time until calls settled, over time',
		description: `On a logarithmic scale: ${words}. The deadline is ${formatLatency(deadlineMs)}.`,
		time,
		slotMs,
		dots,
		deadlineMs,
	});
}

function marks(id: string, time: TimeSpan, {slots, slotMs}: DrillRecording): Html {
	const rowOf = (field: 'wrongReads' | 'hungCalls' | 'failedCalls', words: string, shape: MarkRow['shape']) => {
		const times = slots.flatMap((slot, index) => (slot[field] > 0 ? [(index + 0.5) * slotMs] : []));
		const total = slots.reduce((sum, slot) => sum + slot[field], 0);
		return {label: `${words}: ${formatCount(total)}`, shape, times};
	};
	const all = [
		rowOf('wrongReads', 'wrong reads', 'triangle'),
		rowOf('hungCalls', 'hung calls', 'cross'),
		rowOf('failedCalls', 'failed calls', 'ring'),
	];
	const rows = all.filter(({times}) => times.length > 0);
	if (rows.length === 0) return html`<p class="note">No read was wrong, no call hung or failed at any time.</p>`;
	const description = rows
		.map(({label, times}) => `${label}, from ${secondsWords(times[0] ?? 0)} to ${secondsWords(times.at(-1) ?? 0)}`)
		.join('. ');
	const caption = html`<b>Wrong reads, hung and failed calls</b>`;
	return markChart({
		id: `${id}-marks`,
		caption,
		title: 'Wrong reads, hung and failed calls over time',
		description,
		time,
		rows,
	});
}

function hitRatio(id: string, time: TimeSpan, report: DrillReport, parts: readonly TimelinePart[]): Part {
	const points = parts.map(({fromMs, toMs, hitRatio}) => ({atMs: (fromMs + toMs) / 2, value: hitRatio}));
	const known = points.flatMap(({value}) => (value === undefined ? [] : [value]));
	if (known.length === 0) return undefined;
	return lineChart({
		id: `${id}-hits`,
		caption: html`<b>Hit ratio</b> <span class="soft">${shareWords(report, 'hitRatio')} in all</span>`,
		title: 'Hit ratio over time',
		description: `Between ${formatPercent(Math.min(...known))} and ${formatPercent(Math.max(...known))}.`,
		time,
		points,
		top: 1,
		format: (value) => formatPercent(value, 0),
	});
}

function rate(id: string, time: TimeSpan, report: DrillReport, parts: readonly TimelinePart[]): Html {
	const points = parts.map(({fromMs, toMs, rate}) => ({atMs: (fromMs + toMs) / 2, value: rate}));
	const highest = Math.max(0, ...points.map(({value}) => value));
	return lineChart({
		id: `${id}-rate`,
		caption: html`<b>Calls a second</b> <span class="soft">${formatCountOf(report.calls, 'call')} in all</span>`,
		title: 'Calls a second over time',
		description: `At most ${formatCount(highest)}.`,
		time,
		points,
		format: (value) => `${formatCount(value)}/s`,
	});
}

function journal(id: string, time: TimeSpan, report: DrillReport, parts: readonly TimelinePart[]): Part {
	if (report.journal.max === 0) return undefined;
	return lineChart({
		id: `${id}-journal`,
		caption: html`<b>Journal</b> <span class="soft">keys whose latest change Redis may not have</span>`,
		title: 'Size of the journal over time',
		description: `At most ${formatCountOf(report.journal.max, 'key')}.`,
		time,
		points: parts.map(({fromMs, toMs, journal}) => ({atMs: (fromMs + toMs) / 2, value: journal})),
		format: (value) => formatCountOf(value, 'key'),
	});
}
