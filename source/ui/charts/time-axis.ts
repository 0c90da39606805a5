import type {Glyphs} from '../glyphs.js';
import type {Row} from '../text/row.js';
import {Canvas} from './canvas.js';

/** A stretch of time to be marked, in Unix milliseconds. */
export type Stretch = {readonly from: number; readonly to: number | undefined};

/** What the columns of a chart stand for, in Unix milliseconds. */
export type TimeFrame = {readonly from: number; readonly to: number};

/** Columns (first, and one past the last) that a stretch covers; undefined when it is out of the frame. At least one column. */
export function columnsOf(stretch: Stretch, frame: TimeFrame, columns: number): readonly [number, number] | undefined {
	const to = Math.min(stretch.to ?? frame.to, frame.to);
	const from = Math.max(stretch.from, frame.from);
	if (from >= frame.to || to < frame.from || to < from) return undefined;
	const perColumn = (frame.to - frame.from) / columns;
	const first = Math.min(columns - 1, Math.floor((from - frame.from) / perColumn));
	return [first, Math.min(columns, Math.max(first + 1, Math.ceil((to - frame.from) / perColumn)))];
}

function agoLabel(seconds: number): string {
	if (seconds === 0) return 'now';
	if (seconds % 3600 === 0) return `-${seconds / 3600} h`;
	if (seconds >= 120 && seconds % 60 === 0) return `-${seconds / 60} min`;
	return `-${seconds} s`;
}

/** Seconds between labels: of those that divide a window evenly, the closest that leaves room for the words. */
function stepOf(windowSeconds: number, columns: number): number {
	const steps = [10, 15, 20, 30, 60, 180, 300, 900, 1800, 3600, 7200];
	const room = 12;
	return steps.find((step) => windowSeconds % step === 0 && (step / windowSeconds) * columns >= room) ?? windowSeconds;
}

/** The line under a chart: `┬` at each label, outages drawn heavy. */
export function axisRow(
	windowSeconds: number,
	columns: number,
	outages: readonly Stretch[],
	frame: TimeFrame,
	glyphs: Glyphs,
): Row {
	const canvas = new Canvas(columns, 1);
	canvas.write(0, 0, glyphs.axis.repeat(columns), 'border');
	const step = stepOf(windowSeconds, columns);
	for (let ago = windowSeconds; ago >= 0; ago -= step)
		canvas.put(positionOf(ago, windowSeconds, columns), 0, glyphs.axisTick, 'border');
	for (const outage of outages) {
		const covered = columnsOf(outage, frame, columns);
		if (covered) canvas.write(covered[0], 0, glyphs.outageAxis.repeat(covered[1] - covered[0]), 'bad');
	}
	return canvas.row(0);
}

const positionOf = (ago: number, windowSeconds: number, columns: number) =>
	Math.min(columns - 1, Math.round((1 - ago / windowSeconds) * columns));

/** The words under that line. */
export function labelRow(windowSeconds: number, columns: number): Row {
	const canvas = new Canvas(columns, 1);
	const step = stepOf(windowSeconds, columns);
	for (let ago = windowSeconds; ago >= 0; ago -= step) {
		const label = agoLabel(ago);
		const centre = positionOf(ago, windowSeconds, columns) - Math.floor(label.length / 2);
		canvas.write(Math.min(columns - label.length, Math.max(0, centre)), 0, label, 'dim');
	}
	return canvas.row(0);
}
