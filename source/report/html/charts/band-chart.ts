import {type Html, html, type Part} from '../html.js';
import {across, chart, percent, round, rule, type Span, type TimeSpan} from './chart.js';

const rowHeight = 30;
const barHeight = 11;

export type Bar = Span & {
	/** A class in `styles.ts`. */
	readonly style: string;
	/** Written on the bar if it is wide enough. */
	readonly label?: string;
};

/** A line of text with the bars below it. */
export type BandRow = {readonly label: string; readonly bars: readonly Bar[]};

type BandChart = {
	readonly id: string;
	readonly caption: Part;
	readonly title: string;
	readonly description: string;
	readonly time: TimeSpan;
	readonly rows: readonly BandRow[];
};

/** Rows of bars: each bar is a span in which a fault or setting was active. */
export function bandChart({id, caption, title, description, time, rows}: BandChart): Html {
	const placed = rows.map((row, index) => ({...row, top: index * rowHeight}));
	return chart({
		id,
		caption,
		title,
		description,
		height: rows.length * rowHeight,
		shapes: placed.map(({bars, top}) => [
			rule(top + rowHeight - 4 - barHeight / 2, 'grid'),
			bars.map((bar) => barOf(time, bar, top + rowHeight - 4 - barHeight, barHeight)),
		]),
		labels: placed.map(({label, top}) => html`<text x="0" y="${top + 11}">${label}</text>`),
	});
}

/** One row of bars that follow each other, with their labels on them. */
export function stripChart({
	id,
	caption,
	title,
	description,
	time,
	bars,
}: Omit<BandChart, 'rows'> & {
	readonly bars: readonly Bar[];
}): Html {
	const height = 20;
	// Modes after the last call are outside the chart. The text of the report has them.
	const shown = bars
		.filter(({fromMs}) => fromMs < time.totalMs)
		.map((bar) => ({...bar, toMs: Math.min(bar.toMs, time.totalMs)}));
	const wide = shown.filter(({fromMs, toMs, label}) => label !== undefined && toMs - fromMs > time.totalMs * 0.2);
	return chart({
		id,
		caption,
		title,
		description,
		height,
		shapes: shown.map((bar) => barOf(time, bar, 0, height)),
		labels: wide.map(
			({fromMs, toMs, label}) =>
				html`<text class="on-mode" x="${percent(time, (fromMs + toMs) / 2)}" y="14" text-anchor="middle">${label}</text>`,
		),
	});
}

/** A bar is at least two units wide, so that even a moment is visible. */
function barOf(time: TimeSpan, {fromMs, toMs, style}: Bar, y: number, height: number): Html {
	const left = across(time, fromMs);
	const width = Math.max(2, round(across(time, toMs) - left));
	return html`<rect class="${style}" x="${left}" y="${y}" width="${width}" height="${height}"/>`;
}
