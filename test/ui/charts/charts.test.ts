import {describe, expect, test} from 'vitest';
import {area} from '../../../source/ui/charts/area.js';
import {bar} from '../../../source/ui/charts/bar.js';
import {lineChart} from '../../../source/ui/charts/line-chart.js';
import {modeColumns, modeLine, outageLine} from '../../../source/ui/charts/mode-line.js';
import {bytesScale, formatTick, latencyScale, niceMax, percentScale} from '../../../source/ui/charts/scale.js';
import {sparkline} from '../../../source/ui/charts/sparkline.js';
import {columnsOf, labelRow} from '../../../source/ui/charts/time-axis.js';
import {ascii, unicode} from '../../../source/ui/glyphs.js';
import {rowWidth} from '../../../source/ui/text/row.js';
import {plain} from '../../support/plain-rows.js';

const minute = {from: 0, to: 60_000};

const chart = (values: readonly (number | undefined)[], over: Partial<Parameters<typeof lineChart>[1]> = {}) =>
	lineChart([{values, style: 'memory', shape: 0}], {
		width: 8 + values.length,
		height: 7,
		scale: percentScale,
		window: minute,
		outages: [],
		glyphs: unicode,
		...over,
	});

describe('a line chart', () => {
	test('has one column for each value, with labels and units on both axes', () => {
		const rows = plain(chart(Array.from({length: 30}, (_, x) => (x < 15 ? 0 : 1))));
		expect(rows.split('\n')).toEqual([
			' 100 % ┤               ╭──────────────',
			'       │               │              ',
			'  50 % ┤               │              ',
			'       │               │              ',
			'   0 % ┤───────────────╯              ',
			'       └┬──────────────┬─────────────┬',
			'        -60 s        -30 s         now',
		]);
	});

	test('has labels of bytes that fit beside its axis, whatever their size', () => {
		const highest = Array.from({length: 40}, (_, power) => 2 ** power);
		const labels = new Set(highest.flatMap((bytes) => bytesScale(bytes).ticks.map(({label}) => label)));
		expect([...labels].filter((label) => label.length > 6)).toEqual([]);
		expect(labels).toContain('512KiB');
	});

	test('says where there is no data at all', () => {
		expect(plain(chart(Array.from({length: 30}, () => undefined)))).toContain('no data');
		expect(plain(chart([0.5, undefined]))).not.toContain('no data');
	});

	test('leaves a gap where there is no data instead of drawing a zero', () => {
		const rows = chart([0.5, 0.5, undefined, undefined, 0.5, 0.5]);
		expect(plain(rows).split('\n')[2]).toBe('  50 % ┤──  ──');
	});

	test('draws no line without data, and keeps its size', () => {
		const rows = chart(new Array(20).fill(undefined));
		expect(rows).toHaveLength(7);
		for (const row of rows) expect(rowWidth(row)).toBe(28);
		expect(plain(rows)).not.toMatch(/[╭╰]/);
	});

	test('shades the time of an outage and marks it on the axis', () => {
		const rows = chart(new Array(60).fill(undefined), {outages: [{from: 20_000, to: 30_000}]});
		const [first = ''] = plain(rows).split('\n');
		expect(first.slice(8)).toBe(`${' '.repeat(20)}${unicode.shade.repeat(10)}${' '.repeat(30)}`);
		expect(plain(rows).split('\n')[5]?.slice(28, 38)).toBe(unicode.outageAxis.repeat(10));
	});

	test('is as wide and high as asked for any values', () => {
		for (const value of [0, 1, 0.3333, 17, -4, Number.MIN_VALUE])
			for (const height of [4, 5, 9, 20]) {
				const rows = chart([value, 0.5, value, undefined, value], {height});
				expect(rows).toHaveLength(height);
				for (const row of rows) expect(rowWidth(row)).toBe(13);
			}
	});

	test('can be drawn in plain ASCII', () => {
		expect(plain(chart([0, 1, 0.2, 0.9], {glyphs: ascii, outages: [{from: 0, to: 9000}]}))).toMatch(/^[ -~\n]*$/);
	});
});

test('latencies from 10 µs to 1 s share one axis, and what is outside stays at its edges', () => {
	expect(latencyScale.position(0.01)).toBe(0);
	expect(latencyScale.position(1000)).toBe(1);
	expect(latencyScale.position(1)).toBeCloseTo(0.4);
	expect([latencyScale.position(0), latencyScale.position(60_000)]).toEqual([0, 1]);
});

test('a bar always has its width, and shows a trace of anything above zero', () => {
	for (const share of [0, 1e-9, 0.5, 1, 7, Number.NaN, -1])
		for (const glyphs of [unicode, ascii]) expect(rowWidth(bar(share, 9, glyphs, 'accent'))).toBe(9);
	expect(bar(1e-9, 9, unicode, 'accent')[0]?.text).toBe('▏');
	expect(bar(0, 9, unicode, 'accent')[0]?.text).toBe('');
});

test('a sparkline has a blank where there is no data', () => {
	expect(sparkline([0, undefined, 0.5, 1], 1, unicode)).toBe('▁ ▅█');
});

describe('the mode time line', () => {
	const window = {from: 0, to: 10_000};

	test('shows the worst mode of each column, and nothing before the first one', () => {
		const modes = modeColumns(
			[
				{mode: 'connected', at: 2000, reason: ''},
				{mode: 'fallback', at: 5500, reason: ''},
				{mode: 'recovering', at: 6200, reason: ''},
				{mode: 'connected', at: 6300, reason: ''},
			],
			10,
			window,
		);
		expect(plain([modeLine(modes, unicode)])).toBe('  ▁▁▁██▁▁▁');
	});

	test('names an outage where the words fit, and marks even a short one', () => {
		const outages = [
			{id: 1, label: 'refuse', from: 1000, to: 1010},
			{id: 2, label: 'blackhole', from: 5000, to: undefined},
		];
		expect(plain([outageLine(outages, 20, window, ascii)])).toBe('  :       :blackhole');
	});

	test('names an outage that is shorter than its name before it, or where there is no room for that, in part', () => {
		const begun = {id: 1, label: 'error LOADING', from: 7000, to: undefined};
		expect(plain([outageLine([begun], 20, window, ascii)])).toBe('error LOADING ::::::'.padStart(20));
		const earlier = {id: 2, label: 'refuse', from: 4000, to: 5000};
		expect(plain([outageLine([earlier, begun], 20, window, ascii)])).toBe(' refuse ::    error~');
	});

	test('leaves out what ended before it starts', () => {
		expect(columnsOf({from: -5000, to: -1}, window, 10)).toBeUndefined();
		expect(columnsOf({from: -5000, to: 500}, window, 10)).toEqual([0, 1]);
	});
});

test('time labels fit every window, and end with now', () => {
	for (const seconds of [60, 900, 7200])
		for (const columns of [20, 31, 52, 110, 190]) {
			const row = labelRow({from: 0, to: seconds * 1000}, columns);
			expect(rowWidth(row)).toBe(columns);
			expect(plain([row]).trimEnd()).toMatch(/now$/);
		}
});

describe('labels of an axis', () => {
	const labelsOf = (height: number) =>
		lineChart([], {
			width: 40,
			height,
			scale: percentScale,
			window: minute,
			outages: [],
			glyphs: unicode,
		}).flatMap((row, y) => (/\d+ %/.test(row[0]?.text ?? '') ? [y] : []));

	test('stand evenly at any height, the top one always', () => {
		for (let height = 6; height <= 30; height++) {
			const rows = labelsOf(height);
			const gaps = rows.slice(1).map((row, index) => row - (rows[index] ?? 0));
			expect(rows[0], `height ${height}`).toBe(0);
			expect(Math.max(...gaps, 1) - Math.min(...gaps, 1000), `height ${height}: ${rows}`).toBeLessThanOrEqual(1);
		}
	});
});

describe('an area', () => {
	const options = {max: 8, style: 'warn', outages: [], window: {from: 0, to: 4000}, glyphs: unicode} as const;

	test('fills columns from the ground up, and leaves those without data blank', () => {
		const rows = area([0, 4, 8, undefined], {...options, height: 1});
		expect(plain(rows)).toBe('▁▄█ ');
		expect(plain(area([0, 4, 8, undefined], {...options, height: 2}))).toBe('  █ \n▁██ ');
	});

	test('shades outages behind it', () => {
		const rows = area([0, 4, 0, 0], {...options, height: 2, outages: [{from: 1000, to: 3000}]});
		expect(plain(rows)).toBe(' ░░ \n▁█▁▁');
	});
});

test('the top of an axis of counts is a round number, with the shortest words', () => {
	expect([0, 9, 11, 90, 450, 1001, 120_000].map(niceMax)).toEqual([10, 10, 20, 100, 500, 2000, 200_000]);
	expect([0, 500, 1000, 2500, 250_000, 5e6].map(formatTick)).toEqual(['0', '500', '1k', '2.5k', '250k', '5M']);
});
