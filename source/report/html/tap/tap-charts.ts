import type {TrafficCourse} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent} from '../../../text/number.js';
import type {TapFault} from '../../tap/tap-result.js';
import {secondsWords} from '../../words.js';
import {bandChart} from '../charts/band-chart.js';
import type {TimeSpan} from '../charts/chart.js';
import {latencyChart} from '../charts/latency-chart.js';
import {lineChart} from '../charts/line-chart.js';
import {type MarkRow, markChart} from '../charts/mark-chart.js';
import {timeAxis} from '../charts/time-axis.js';
import {type Html, html, type Part} from '../html.js';
import {type CoursePart, partsOf} from './course-parts.js';
import {courseTable} from './course-table.js';

/** Maximum number of points of a line: more cannot be distinguished on a phone. */
const maxPoints = 120;

/** Maximum number of different faults that are drawn, by label. */
const maxBands = 10;

/** Number of commands that a dot represents, which decides how dark it is. */
const weights = {median: 100, p99: 10, max: 1} as const;

/** The course of an application's traffic: charts with a common time axis, one below the other, and a table. */
export function tapCharts(course: TrafficCourse, faults: readonly TapFault[]): Html {
	const parts = partsOf(course, maxPoints);
	const time: TimeSpan = {totalMs: Math.max(1, parts.at(-1)?.toMs ?? 0), faults};
	return html`${faultBands(time, faults)}${latency(time, parts)}${timeAxis(time)}
${marks(time, parts)}${hitRatio(time, parts)}${rate(time, parts)}${connections(time, parts)}${timeAxis(time)}
${courseTable(partsOf(course, 24), faults)}`;
}

function faultBands(time: TimeSpan, faults: readonly TapFault[]): Part {
	const labels = [...new Set(faults.map(({label}) => label))].slice(0, maxBands);
	if (labels.length === 0) return undefined;
	const rows = labels.map((label) => {
		const bars = faults.filter((fault) => fault.label === label);
		const spans = bars.slice(0, 2).map(({fromMs, toMs}) => `${secondsWords(fromMs)} to ${secondsWords(toMs)}`);
		const more = bars.length > 2 ? `, ${bars.length} times in all` : '';
		return {
			label: `${label}: ${spans.join(', ')}${more}`,
			bars: bars.map(({fromMs, toMs}) => ({fromMs, toMs, style: 'fault', label: ''})),
		};
	});
	return bandChart({
		id: 'tap-faults',
		caption: html`<b>Faults</b>`,
		title: 'Faults over time',
		description: `${rows.map(({label}) => label).join('. ')}.`,
		time,
		rows,
	});
}

function latency(time: TimeSpan, parts: readonly CoursePart[]): Html {
	// The dots are drawn in the middle of the part, as a slot of one millisecond.
	const dots = parts.flatMap(({midMs, p50Ms, p99Ms, maxMs}) => [
		...dotOf(midMs, maxMs, weights.max),
		...dotOf(midMs, p99Ms, weights.p99),
		...dotOf(midMs, p50Ms, weights.median),
	]);
	const words = `at each time the median, the 99th percentile and the slowest`;
	return latencyChart({
		id: 'tap-latency',
		caption: html`<b>Latency at the wire</b> <span class="soft">${words}, from dark to light</span>`,
		title: 'Latency at the wire over time',
		description: `On a logarithmic scale: ${words}. The slowest of all took ${formatLatency(Math.max(0, ...parts.map(({maxMs}) => maxMs ?? 0)))}.`,
		time,
		slotMs: 1,
		dots,
	});
}

function dotOf(midMs: number, ms: number | null, calls: number) {
	return ms === null || ms <= 0 ? [] : [{slot: midMs - 0.5, ms, calls}];
}

function marks(time: TimeSpan, parts: readonly CoursePart[]): Part {
	const rowOf = (field: 'lost' | 'errors', words: string, shape: MarkRow['shape']): MarkRow => ({
		label: `${words}: ${formatCount(parts.reduce((sum, part) => sum + part[field], 0))}`,
		shape,
		times: parts.filter((part) => part[field] > 0).map(({midMs}) => midMs),
	});
	const rows = [rowOf('lost', 'commands without a reply', 'cross'), rowOf('errors', 'errors', 'ring')].filter(
		({times}) => times.length > 0,
	);
	if (rows.length === 0) return html`<p class="note">Every command got a reply, and none an error.</p>`;
	return markChart({
		id: 'tap-marks',
		caption: html`<b>Lost commands and errors</b>`,
		title: 'Lost commands and errors over time',
		description: `${rows.map(({label}) => label).join('. ')}.`,
		time,
		rows,
	});
}

function hitRatio(time: TimeSpan, parts: readonly CoursePart[]): Part {
	const points = parts.map(({midMs, hits, misses}) => ({
		atMs: midMs,
		value: hits + misses === 0 ? undefined : hits / (hits + misses),
	}));
	const known = points.flatMap(({value}) => (value === undefined ? [] : [value]));
	if (known.length === 0) return undefined;
	return lineChart({
		id: 'tap-hits',
		caption: html`<b>Hit ratio</b>`,
		title: 'Hit ratio over time',
		description: `Between ${formatPercent(Math.min(...known))} and ${formatPercent(Math.max(...known))}.`,
		time,
		points,
		top: 1,
		format: (value) => formatPercent(value, 0),
	});
}

function rate(time: TimeSpan, parts: readonly CoursePart[]): Html {
	const points = parts.map(({midMs, commands, seconds}) => ({
		atMs: midMs,
		value: commands / Math.max(0.001, seconds),
	}));
	return lineChart({
		id: 'tap-rate',
		caption: html`<b>Commands a second</b>`,
		title: 'Commands a second over time',
		description: `At most ${formatCount(Math.max(0, ...points.map(({value}) => value)))}.`,
		time,
		points,
		format: (value) => `${formatCount(value)}/s`,
	});
}

function connections(time: TimeSpan, parts: readonly CoursePart[]): Html {
	const opened = parts.reduce((sum, part) => sum + part.opened, 0);
	return lineChart({
		id: 'tap-connections',
		caption: html`<b>Open connections</b> <span class="soft">${formatCount(opened)} opened</span>`,
		title: 'Open connections over time',
		description: `At most ${formatCount(Math.max(0, ...parts.map(({open}) => open)))}; ${formatCount(opened)} were opened.`,
		time,
		points: parts.map(({midMs, open}) => ({atMs: midMs, value: open})),
		format: (value) => formatCount(value),
	});
}
