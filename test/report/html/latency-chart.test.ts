import {expect, test} from 'vitest';
import {latencyChart} from '../../../source/report/html/charts/latency-chart.js';

test.each([5.9, 6.1, 590, 5900])('no label of the axis reaches into the caption, with %d ms at the top', (ms) => {
	const time = {totalMs: 1000, faults: []};
	const words = {id: 'calls', caption: '', title: '', description: ''};
	const {markup} = latencyChart({...words, time, slotMs: 100, dots: [{slot: 1, ms, calls: 1}], deadlineMs: 1});
	const baselines = [...markup.matchAll(/<text x="3" y="([\d.-]+)"/g)].map(([, y]) => Number(y));
	expect(baselines.length).toBeGreaterThan(0);
	expect(Math.min(...baselines)).toBeGreaterThanOrEqual(10);
});
