import {at, type Inks, label, rule, sheet} from './paper.js';
import type {FigureTable} from './read-table.js';

const width = 760;
const height = 320;
const left = 60;
const right = 130;
const top = 60;
const bottom = 46;
/** Distance of the names at the ends of lines, so that none covers another. */
const nameStep = 16;

export type Axes = {readonly across: string; readonly up: string};

/** A line for each row over the numbers in the heads of the columns. That scale is logarithmic, the other begins at 0. */
export function lineChart(title: string, {across, up}: Axes, {columns, rows}: FigureTable, inks: Inks): string {
	const xs = columns.map(Number);
	const [first = 1, last = 1] = [xs[0], xs.at(-1)];
	const step = stepFor(Math.max(...rows.flatMap(({values}) => values).map((value) => value ?? 0)));
	const most = step.size * step.count;
	const xOf = (x: number) => left + (Math.log(x / first) / Math.log(last / first)) * (width - left - right);
	const yOf = (y: number) => height - bottom - (y / most) * (height - bottom - top);
	const grid = Array.from({length: step.count + 1}, (_, index) => index * step.size).flatMap((value) => [
		rule({x1: left, y1: yOf(value), x2: width - right, y2: yOf(value)}, inks.dim, value === 0 ? 1 : 0.3),
		label({x: left - 8, y: yOf(value) + 4.5, text: String(value), fill: inks.dim, anchor: 'end'}),
	]);
	const ticks = xs.map((x) =>
		label({x: xOf(x), y: height - bottom + 18, text: String(x), fill: inks.dim, anchor: 'middle'}),
	);
	const lines = rows.flatMap(({values}, index) => {
		const points = values.flatMap((value, column) =>
			value === undefined ? [] : [{x: xOf(xs[column] ?? first), y: yOf(value)}],
		);
		const stroke = inks.lines[index % inks.lines.length] ?? inks.text;
		return [
			`<polyline points="${points.map(({x, y}) => `${at(x)},${at(y)}`).join(' ')}" fill="none" stroke="${stroke}" stroke-width="2.5"/>`,
			...points.map(({x, y}) => `<circle cx="${at(x)}" cy="${at(y)}" r="3.5" fill="${stroke}"/>`),
		];
	});
	return sheet({width, height}, title, inks, [
		label({x: 16, y: 26, text: title, fill: inks.text, isBold: true}),
		label({x: 16, y: 46, text: up, fill: inks.dim}),
		label({x: (left + width - right) / 2, y: height - 8, text: across, fill: inks.dim, anchor: 'middle'}),
		...grid,
		...ticks,
		...lines,
		...names(rows, yOf, inks),
	]);
}

/** The names of the lines and their last figures, at their ends. */
function names(rows: FigureTable['rows'], yOf: (value: number) => number, inks: Inks): readonly string[] {
	const ends = rows
		.map(({name, values}, index) => ({name, index, value: values.at(-1) ?? 0}))
		.sort((a, b) => b.value - a.value);
	let free = 0;
	return ends.map(({name, index, value}) => {
		const y = Math.max(yOf(value) + 4.5, free);
		free = y + nameStep;
		const fill = inks.lines[index % inks.lines.length] ?? inks.text;
		return label({x: width - right + 12, y, text: `${name} ${value}`, fill});
	});
}

/** Round distances of lines for figures up to `most`: 1, 2 or 5 times a power of ten. */
function stepFor(most: number): {readonly size: number; readonly count: number} {
	const power = 10 ** Math.floor(Math.log10(most / 4));
	const size = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each * 5 >= most) ?? most;
	return {size, count: Math.ceil(most / size)};
}
