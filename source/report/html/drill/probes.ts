import type {DrillReport} from '../../../drills/drill-report.js';
import type {DrillRecording, ProbeRecording} from '../../../drills/recording/drill-recording.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import {probeLines, probeRows} from '../../probe-lines.js';
import type {TimeSpan} from '../charts/chart.js';
import {latencyChart} from '../charts/latency-chart.js';
import {markChart} from '../charts/mark-chart.js';
import {timeAxis} from '../charts/time-axis.js';
import {type Html, html} from '../html.js';
import {table} from '../table.js';

/** The answers of an application to probes: before, during and after the faults, and over time. */
export function probesOf(id: string, time: TimeSpan, report: DrillReport, recording: DrillRecording | undefined): Html {
	const [heads = [], ...rows] = probeRows(report);
	const columns = heads.map((title, index) => ({title, kind: index === 0 ? ('text' as const) : ('number' as const)}));
	const charts = recording?.probes?.map((probe, index) => probeCharts(`${id}-probe-${index + 1}`, time, probe));
	return html`${table({label: `Probes of ${report.drill}`, columns, rows})}
${probeLines(report).map((line) => html`<p>${line}</p>\n`)}${charts}`;
}

function probeCharts(id: string, time: TimeSpan, {name, slotMs, slots, dots}: ProbeRecording): Html {
	const count = (field: 'calls' | 'failedCalls') => slots.reduce((sum, slot) => sum + slot[field], 0);
	const words = `${formatCountOf(count('calls'), 'request')}, ${formatCount(count('failedCalls'))} failed`;
	const times = slots.flatMap((slot, index) => (slot.failedCalls > 0 ? [(index + 0.5) * slotMs] : []));
	return html`${latencyChart({
		id,
		caption: html`<b>${name}</b> <span class="soft">${words}</span>`,
		title: `Answers of ${name} over time`,
		description: `On a logarithmic scale. ${words}.`,
		time,
		slotMs,
		dots,
	})}${
		times.length > 0 &&
		markChart({
			id: `${id}-failed`,
			caption: html`<b>Failed requests</b>`,
			title: `Failed requests to ${name} over time`,
			description: `${words}.`,
			time,
			rows: [{label: `failed: ${formatCount(count('failedCalls'))}`, shape: 'ring', times}],
		})
	}${timeAxis(time)}
`;
}
