import asciichart from 'asciichart';
import {noData} from '../../text/number.js';
import type {Glyphs} from '../glyphs.js';
import {padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {Canvas} from './canvas.js';
import type {Scale} from './scale.js';
import {axisRow, labelRow, shadeSpans, type TimeSpan, type TimeWindow} from './time-axis.js';

/** Index of one of the three line shapes of the glyphs, so that lines differ without color. */
export type LineShape = 0 | 1 | 2;

type Line = {
	/** One value for each column; undefined where there is none. */
	readonly values: readonly (number | undefined)[];
	readonly style: StyleName;
	readonly shape: LineShape;
};

type LineChartOptions = {
	readonly width: number;
	/** Number of rows, including the two of the time axis. */
	readonly height: number;
	readonly scale: Scale;
	readonly window: TimeWindow;
	readonly outages: readonly TimeSpan[];
	readonly glyphs: Glyphs;
	/** Written into a chart without a value. Default: `no data`. */
	readonly empty?: string | undefined;
};

/** Cells to the left of the plot: a label of six, a blank and the axis. */
const gutter = 8;

/** The number of values that a chart of this width shows. */
export const plotColumns = (width: number): number => Math.max(1, width - gutter);

type Run = {readonly start: number; readonly values: number[]};

/** Splits values into runs without a gap, each with the column of its first value. */
function runsOf(values: readonly (number | undefined)[]): Run[] {
	const runs: Run[] = [];
	let run: Run | undefined;
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
	// asciichart draws the first value on the axis, with the symbol of the axis. This chart draws the axis and the first value
	// itself, so that n values take n columns.
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

/** The labels by row: of all ticks if there is room, else of every second or fourth, evenly spaced. */
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

/** Without this, a chart without a value would look like a chart of zeros. */
function writeEmpty(canvas: Canvas, words: string): void {
	const x = Math.floor((canvas.width - words.length) / 2);
	canvas.write(Math.max(0, x), Math.floor((canvas.height - 1) / 2), words, 'dim');
}

/** Lines over time, with a labeled axis on the left and time below. Exactly `height` rows. */
export function lineChart(lines: readonly Line[], options: LineChartOptions): Row[] {
	const {width, height, scale, window, outages, glyphs, empty = noData} = options;
	const columns = plotColumns(width);
	const plotRows = Math.max(2, height - 2);
	const canvas = new Canvas(columns, plotRows);
	shadeSpans(canvas, outages, window, glyphs);
	for (const line of lines) drawLine(canvas, line, scale, glyphs);
	if (lines.every(({values}) => values.every((value) => value === undefined))) writeEmpty(canvas, empty);
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
		[span(indent + glyphs.axisCorner, 'border'), ...axisRow(window, columns, outages, glyphs)],
		[span(`${indent} `), ...labelRow(window, columns)],
	].slice(0, height);
}
