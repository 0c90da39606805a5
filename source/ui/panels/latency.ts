import {lineChart, plotColumns} from '../charts/line-chart.js';
import {latencyScale} from '../charts/scale.js';
import {latency} from '../format.js';
import {padStart, type Row, span} from '../text/row.js';
import type {Panel} from './panel.js';
import {samplesOf} from './time-frame.js';

export const latencyPanel: Panel = {
	id: 'latency',
	title: 'Latency',
	explain: {
		shows:
			'How long calls took, on a logarithmic axis: the median (p50), and the time that 99 of 100 calls stayed under (p99). The figures at the top are of the last second.',
		source:
			"With the workload running: every call of the application, from when it was due until it settled, memory hits included. Without it: the cache's reads that went to Redis.",
		normal:
			'A median of 10 to 100 µs with memory hits, p99 of a few milliseconds. When a black hole begins, p99 touches the deadline (200 ms) once and then falls back: the cache stops asking. A line that stays at the deadline would mean that every call waits.',
	},
	draw(input, width, height) {
		const {samples, end, windowSeconds} = samplesOf(input, plotColumns(width));
		const {glyphs, state} = input;
		const snapshot = state.snapshot;
		const now = snapshot?.workload.running ? snapshot.workload.settle : snapshot?.cache.latency.get;
		const rows = lineChart(
			[
				{values: samples.map((sample) => sample?.p99), style: 'tail', shape: 1},
				{values: samples.map((sample) => sample?.p50), style: 'median', shape: 0},
			],
			{width, height, scale: latencyScale, windowSeconds, end, outages: state.outages, glyphs},
		);
		const figures = (isShort: boolean): Row => [
			span(`${glyphs.lineSamples[0]} `, 'median'),
			span(isShort ? '' : 'p50 ', 'dim'),
			span(padStart(latency(now?.p50), 7)),
			span(`  ${glyphs.lineSamples[1]} `, 'tail'),
			span(isShort ? '' : 'p99 ', 'dim'),
			span(padStart(latency(now?.p99), 7)),
		];
		const what = snapshot?.workload.running ? 'calls  ' : 'reads from Redis  ';
		return {rows, notes: [[span(what, 'dim'), ...figures(false)], figures(false), figures(true)]};
	},
};
