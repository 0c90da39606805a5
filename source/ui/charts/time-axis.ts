import type {Glyphs} from '../glyphs.js';
import type {Row} from '../text/row.js';
import {Canvas} from './canvas.js';

/** A span of time to mark on a chart, in Unix milliseconds. `to` is undefined while it lasts. */
export type TimeSpan = {readonly from: number; readonly to: number | undefined};

/** The time that the columns of a chart cover, in Unix milliseconds. */
export type TimeWindow = {readonly from: number; readonly to: number};

/**
 * The columns that a span covers: the first one, and the one after the last. At least one column.
 *
 * @returns undefined when the span is outside the window.
 */
export function columnsOf(span: TimeSpan, window: TimeWindow, columns: number): readonly [number, number] | undefined {
	const to = Math.min(span.to ?? window.to, window.to);
	const from = Math.max(span.from, window.from);
	if (from >= window.to || to < window.from || to < from) return undefined;
	const perColumn = (window.to - window.from) / columns;
	const first = Math.min(columns - 1, Math.floor((from - window.from) / perColumn));
	return [first, Math.min(columns, Math.max(first + 1, Math.ceil((to - window.from) / perColumn)))];
}

/** Shades the columns of spans over the whole height of a canvas. */
export function shadeSpans(canvas: Canvas, spans: readonly TimeSpan[], window: TimeWindow, glyphs: Glyphs): void {
	for (const span of spans) {
		const covered = columnsOf(span, window, canvas.width);
		if (!covered) continue;
		for (let y = 0; y < canvas.height; y++)
			canvas.write(covered[0], y, glyphs.shade.repeat(covered[1] - covered[0]), 'shade');
	}
}

function agoLabel(seconds: number): string {
	if (seconds === 0) return 'now';
	if (seconds % 3600 === 0) return `-${seconds / 3600} h`;
	if (seconds >= 120 && seconds % 60 === 0) return `-${seconds / 60} min`;
	return `-${seconds} s`;
}

/** Cells that a label and the gap to the next one need. */
const labelRoom = 12;

/** Seconds between labels: the least of the steps that divide the window evenly and leave room for the labels. */
function stepOf(windowSeconds: number, columns: number): number {
	const steps = [10, 15, 20, 30, 60, 180, 300, 900, 1800, 3600, 7200];
	const fits = (step: number) => windowSeconds % step === 0 && (step / windowSeconds) * columns >= labelRoom;
	return steps.find(fits) ?? windowSeconds;
}

const secondsOf = ({from, to}: TimeWindow) => Math.round((to - from) / 1000);

const columnOf = (ago: number, windowSeconds: number, columns: number) =>
	Math.min(columns - 1, Math.round((1 - ago / windowSeconds) * columns));

/** The line under a chart, with a tick for each label and outages drawn heavy. */
export function axisRow(window: TimeWindow, columns: number, outages: readonly TimeSpan[], glyphs: Glyphs): Row {
	const canvas = new Canvas(columns, 1);
	const seconds = secondsOf(window);
	const step = stepOf(seconds, columns);
	canvas.write(0, 0, glyphs.axis.repeat(columns), 'border');
	for (let ago = seconds; ago >= 0; ago -= step)
		canvas.put(columnOf(ago, seconds, columns), 0, glyphs.axisTick, 'border');
	for (const outage of outages) {
		const covered = columnsOf(outage, window, columns);
		if (covered) canvas.write(covered[0], 0, glyphs.outageAxis.repeat(covered[1] - covered[0]), 'bad');
	}
	return canvas.row(0);
}

/** The labels under that line: `-60 s`, `-30 s`, `now`. */
export function labelRow(window: TimeWindow, columns: number): Row {
	const canvas = new Canvas(columns, 1);
	const seconds = secondsOf(window);
	const step = stepOf(seconds, columns);
	for (let ago = seconds; ago >= 0; ago -= step) {
		const label = agoLabel(ago);
		const start = columnOf(ago, seconds, columns) - Math.floor(label.length / 2);
		canvas.write(Math.min(columns - label.length, Math.max(0, start)), 0, label, 'dim');
	}
	return canvas.row(0);
}
