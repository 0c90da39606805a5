import {type Html, html, type Part} from '../html.js';
import {across, background, chart, round, rule, type TimeSpan} from './chart.js';

const height = 64;
/** Pixels above the highest value, for its label. */
const headroom = 14;

/** A value at a time; `undefined` if there is none, which is a gap in the line. */
export type Point = {readonly atMs: number; readonly value: number | undefined};

type LineChart = {
	readonly id: string;
	readonly caption: Part;
	readonly title: string;
	readonly description: string;
	readonly time: TimeSpan;
	readonly points: readonly Point[];
	/** Value at the top. Default: the largest one. */
	readonly top?: number;
	readonly format: (value: number) => string;
};

/** One line over time, with a value axis that begins at 0. */
export function lineChart({id, caption, title, description, time, points, top, format}: LineChart): Html {
	const highest = top ?? Math.max(1, ...points.map(({value = 0}) => value));
	const y = (value: number) => round(height - (value / highest) * (height - headroom));
	return chart({
		id,
		caption,
		title,
		description,
		height,
		shapes: [
			background(time, height),
			rule(y(highest), 'grid'),
			linesOf(points).map((line) => {
				const [only, ...others] = line;
				// A single point between two gaps is drawn as a dot.
				if (only && others.length === 0)
					return html`<circle class="point" cx="${across(time, only.atMs)}" cy="${y(only.value)}" r="1.7"/>`;
				const path = line.map(({atMs, value}) => `${across(time, atMs)} ${y(value)}`).join('L');
				const [from, to] = [across(time, line[0]?.atMs ?? 0), across(time, line.at(-1)?.atMs ?? 0)];
				return html`<path class="area" d="M${from} ${height}L${path}L${to} ${height}Z"/><path class="curve" d="M${path}"/>`;
			}),
		],
		labels: html`<text x="3" y="${round(y(highest) - 3)}">${format(highest)}</text>`,
	});
}

/** Parts of a line between its gaps. */
function linesOf(points: readonly Point[]): readonly (readonly {atMs: number; value: number}[])[] {
	const lines: {atMs: number; value: number}[][] = [];
	let line: {atMs: number; value: number}[] | undefined;
	for (const {atMs, value} of points) {
		if (value === undefined) {
			line = undefined;
		} else if (line === undefined) {
			line = [{atMs, value}];
			lines.push(line);
		} else {
			line.push({atMs, value});
		}
	}
	return lines;
}
