import {type Html, html, type Part} from '../html.js';
import {background, chart, percent, type TimeSpan} from './chart.js';

const rowHeight = 32;

/** Shapes, centered on their coordinates, that can be distinguished without colors. */
const shapes = {
	triangle: html`<path class="mark-full" d="M0-5L5 4H-5Z"/>`,
	cross: html`<path class="mark" d="M-4-4L4 4M-4 4L4-4"/>`,
	ring: html`<circle class="mark" r="4"/>`,
} as const;

export type MarkRow = {
	readonly label: string;
	readonly shape: keyof typeof shapes;
	/** In milliseconds. */
	readonly times: readonly number[];
};

type MarkChart = {
	readonly id: string;
	readonly caption: Part;
	readonly title: string;
	readonly description: string;
	readonly time: TimeSpan;
	readonly rows: readonly MarkRow[];
};

/** Rows of marks: each mark is a moment, or a short time, in which something happened. */
export function markChart({id, caption, title, description, time, rows}: MarkChart): Html {
	const height = rows.length * rowHeight;
	return chart({
		id,
		caption,
		title,
		description,
		height,
		shapes: background(time, height),
		labels: rows.map(({label, shape, times}, index) => [
			html`<text x="3" y="${index * rowHeight + 12}">${label}</text>`,
			// A nested `svg` can be placed at a percentage of the width, a `g` cannot.
			times.map(
				(ms) =>
					html`<svg x="${percent(time, ms)}" y="${index * rowHeight + 22}" overflow="visible">${shapes[shape]}</svg>`,
			),
		]),
	});
}
