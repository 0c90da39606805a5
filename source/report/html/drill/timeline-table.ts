import type {DrillReport} from '../../../drills/drill-report.js';
import type {DrillRecording} from '../../../drills/recording/drill-recording.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent} from '../../../text/number.js';
import {secondsWords} from '../../words.js';
import type {TimeSpan} from '../charts/chart.js';
import {type Html, html} from '../html.js';
import {type Column, table} from '../table.js';
import {timelineParts} from './timeline-parts.js';

const maxRows = 24;

const columns: readonly Column[] = [
	{title: 'Time'},
	{title: 'Mode'},
	{title: 'Faults'},
	...['Calls', 'Median', 'Slowest', 'Failed', 'Hung', 'Wrong', 'Hit ratio', 'Journal'].map((title) => ({
		title,
		kind: 'number' as const,
	})),
];

/** The charts as a table, for screen readers and for exact figures. */
export function timelineTable(report: DrillReport, recording: DrillRecording, {totalMs}: TimeSpan): Html {
	const parts = timelineParts(recording, totalMs, maxRows);
	const rows = parts.map((part) => {
		const faults = recording.steps.filter(
			({kind, fromMs, toMs}) => kind === 'fault' && fromMs < part.toMs && toMs > part.fromMs,
		);
		return [
			`${secondsWords(part.fromMs)} to ${secondsWords(part.toMs)}`,
			modesIn(report, part.fromMs, part.toMs),
			[...new Set(faults.map(({label}) => label))].join(', ') || 'none',
			formatCount(part.calls),
			formatLatency(part.p50Ms),
			formatLatency(part.maxMs),
			formatCount(part.failedCalls),
			formatCount(part.hungCalls),
			formatCount(part.wrongReads),
			formatPercent(part.hitRatio),
			formatCount(part.journal),
		];
	});
	// The journal of a subject is unknown.
	const known = report.subject === undefined ? columns : columns.slice(0, -1);
	return html`<details><summary>The time lines as a table</summary>${table({label: `Time lines of ${report.drill}`, columns: known, rows})}</details>`;
}

/** The modes between two times, in their order. */
function modesIn({modes}: DrillReport, fromMs: number, toMs: number): string {
	const names = modes
		.filter(({atMs}, index) => atMs < toMs && (modes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) > fromMs)
		.map(({mode}) => mode);
	return [...new Set(names)].join(', ');
}
