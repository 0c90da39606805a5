import asciichart from 'asciichart';
import {noData} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {Canvas} from './canvas.js';
import type {Scale} from './scale.js';
import {axisRow, columnsOf, labelRow, type Stretch, type TimeFrame} from './time-axis.js';

export type Line = {
	/** One value for each column; undefined where there is no data. */
	readonly values: readonly (number | undefined)[];
	readonly style: StyleName;
	/** Which of the three shapes of lines, so that lines differ without colours. */
	readonly shape: 0 | 1 | 2;
};

export type LineChartOptions = {
	readonly width: number;
	/** All rows, axis included. */
	readonly height: number;
	readonly scale: Scale;
	readonly windowSeconds: number;
	/** Unix milliseconds at the right edge. */
	readonly end: number;
	readonly outages: readonly Stretch[];
	readonly glyphs: Glyphs;
};

/** Cells left of the plot: a label of six and the axis. */
export const gutter = 8;

/** How many values a chart of this width has room for. */
export const plotColumns = (width: number): number => Math.max(1, width - gutter);

/** Unbroken runs of values, each with the column where it begins. */
function runsOf(values: readonly (number | undefined)[]): {start: number; values: number[]}[] {
	const runs: {start: number; values: number[]}[] = [];
	let run: {start: number; values: number[]} | undefined;
	for (const [column, value] of values.entries()) {
		if (value === undefined) {
			run = undefined;
		} else if (run) {
			run.values.push(value);
		} else {
			run = {start: column, values: [value]};
			runs.push(run);
		}
	}
	return runs;
}

function drawLine(canvas: Canvas, line: Line, scale: Scale, glyphs: Glyphs): void {
	const rows = canvas.height;
	const shape = glyphs.lines[line.shape];
	// asciichart puts the first value on the axis, with a sign that it also uses for the axis itself. Axis and first
	// point are drawn here, so that n values give n columns.
	const symbols = [' ', ...shape.slice(1)];
	for (const run of runsOf(line.values)) {
		const heights = run.values.map((value) => scale.position(value));
		const drawn = asciichart.plot([heights], {
			min: 0,
			max: 1,
			height: Math.max(1, rows - 1),
			offset: 2,
			format: () => ' ',
			symbols,
		});
		canvas.put(run.start, rows - 1 - Math.round((heights[0] ?? 0) * (rows - 1)), shape[4], line.style);
		for (const [y, text] of drawn.split('\n').entries())
			for (const [x, char] of [...text].slice(1).entries())
				if (char !== ' ') canvas.put(run.start + x, y, char, line.style);
	}
}

/** Which rows carry which label: all where there is room, else every second or fourth from the top, so that they stand evenly. */
function labelsOf(scale: Scale, rows: number): Map<number, string> {
	const {ticks} = scale;
	const rowOf = (value: number) => Math.round((1 - scale.position(value)) * (rows - 1));
	for (let step = 1; ; step *= 2) {
		const kept = ticks.filter((_, index) => (ticks.length - 1 - index) % step === 0);
		const places = kept.map(({value}) => rowOf(value));
		const isEven = places.every((row, index) => index === 0 || (places[index - 1] ?? 0) - row >= 2);
		if (isEven || kept.length <= 1) return new Map(kept.map(({label}, index) => [places[index] ?? 0, label]));
	}
}

/** A chart without a line could be a chart of zeros. */
function sayNoData(canvas: Canvas): void {
	const x = Math.floor((canvas.width - noData.length) / 2);
	canvas.write(Math.max(0, x), Math.floor((canvas.height - 1) / 2), noData, 'dim');
}

/** Lines over time, with a labelled axis on the left, time below, and outages shaded. Exactly `height` rows. */
export function lineChart(lines: readonly Line[], options: LineChartOptions): Row[] {
	const {width, height, scale, windowSeconds, end, outages, glyphs} = options;
	const columns = plotColumns(width);
	const plotRows = Math.max(2, height - 2);
	const frame: TimeFrame = {from: end - windowSeconds * 1000, to: end};
	const canvas = new Canvas(columns, plotRows);
	for (const outage of outages) {
		const covered = columnsOf(outage, frame, columns);
		if (covered)
			for (let y = 0; y < plotRows; y++)
				canvas.write(covered[0], y, glyphs.shade.repeat(covered[1] - covered[0]), 'shade');
	}
	for (const line of lines) drawLine(canvas, line, scale, glyphs);
	if (lines.every(({values}) => values.every((value) => value === undefined))) sayNoData(canvas);
	const labels = labelsOf(scale, plotRows);
	const plot = canvas.rows().map((row, y): Row => {
		const label = labels.get(y);
		return [
			span(padStart(label ?? '', gutter - 2), 'dim'),
			span(label === undefined ? ` ${glyphs.axisTop}` : ` ${glyphs.tick}`, 'border'),
			...row,
		];
	});
	const indent = ' '.repeat(gutter - 1);
	return [
		...plot,
		[span(indent + glyphs.axisCorner, 'border'), ...axisRow(windowSeconds, columns, outages, frame, glyphs)],
		[span(`${indent} `), ...labelRow(windowSeconds, columns)],
	].slice(0, height);
}
