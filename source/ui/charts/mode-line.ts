import type {Mode, ModeChange} from '../../metrics/snapshot.js';
import {widthOf} from '../../text/cells.js';
import type {Glyphs} from '../glyphs.js';
import {type Row, truncate} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {Canvas} from './canvas.js';
import {columnsOf, shadeSpans, type TimeSpan, type TimeWindow} from './time-axis.js';

export const modeStyles: Readonly<Record<Mode, StyleName>> = {connected: 'good', recovering: 'warn', fallback: 'bad'};

const severity: Readonly<Record<Mode, number>> = {connected: 0, recovering: 1, fallback: 2};

/** The worst mode in each column; undefined before the first mode change. */
export function modeColumns(
	changes: readonly ModeChange[],
	columns: number,
	window: TimeWindow,
): readonly (Mode | undefined)[] {
	const worst = new Array<Mode | undefined>(columns).fill(undefined);
	for (const [index, change] of changes.entries()) {
		const covered = columnsOf({from: change.at, to: changes[index + 1]?.at}, window, columns);
		if (!covered) continue;
		for (let column = covered[0]; column < covered[1]; column++) {
			const known = worst[column];
			if (known === undefined || severity[change.mode] > severity[known]) worst[column] = change.mode;
		}
	}
	return worst;
}

/** One character for each column: the worse the mode, the taller. */
export function modeLine(modes: readonly (Mode | undefined)[], glyphs: Glyphs): Row {
	const canvas = new Canvas(modes.length, 1);
	for (const [column, mode] of modes.entries())
		if (mode) canvas.put(column, 0, glyphs.modeLevels[mode], modeStyles[mode]);
	return canvas.row(0);
}

/** Narrower outages are drawn without their label. */
const labelColumns = 6;

/**
 * Outages as shaded blocks, with their labels inside where they fit, else before them if nothing is there; otherwise the labels
 * are cut.
 */
export function outageLine(
	outages: readonly (TimeSpan & {readonly label: string})[],
	columns: number,
	window: TimeWindow,
	glyphs: Glyphs,
): Row {
	const canvas = new Canvas(columns, 1);
	shadeSpans(canvas, outages, window, glyphs);
	let free = 0;
	for (const outage of outages) {
		const covered = columnsOf(outage, window, columns);
		if (!covered) continue;
		const room = covered[1] - covered[0];
		const width = widthOf(outage.label);
		const before = covered[0] - width - 1;
		const fitsBefore = width > room && before >= free;
		free = Math.max(free, covered[1]);
		const margin = Math.min(1, Math.max(0, room - width));
		const label = fitsBefore ? outage.label : truncate(outage.label, room - margin, glyphs.ellipsis);
		// The canvas has one cell for each character.
		if (widthOf(label) !== label.length) continue;
		if (fitsBefore) canvas.write(before, 0, label, 'bad');
		else if (room >= labelColumns) canvas.write(covered[0] + margin, 0, label, 'bad');
	}
	return canvas.row(0);
}
