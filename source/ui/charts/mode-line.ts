import type {Mode, ModeChange} from '../../metrics/snapshot.js';
import type {Glyphs} from '../glyphs.js';
import type {OutageSpan} from '../history.js';
import {type Row, truncate, widthOf} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {Canvas} from './canvas.js';
import {columnsOf, type TimeFrame} from './time-axis.js';

export const modeStyles: Readonly<Record<Mode, StyleName>> = {connected: 'good', recovering: 'warn', fallback: 'bad'};

const severity: Readonly<Record<Mode, number>> = {connected: 0, recovering: 1, fallback: 2};

/** The worst mode in each column; undefined before the first is known. */
export function modeColumns(
	changes: readonly ModeChange[],
	columns: number,
	frame: TimeFrame,
): readonly (Mode | undefined)[] {
	const worst = new Array<Mode | undefined>(columns).fill(undefined);
	for (const [index, change] of changes.entries()) {
		const covered = columnsOf({from: change.at, to: changes[index + 1]?.at}, frame, columns);
		if (!covered) continue;
		for (let column = covered[0]; column < covered[1]; column++) {
			const known = worst[column];
			if (known === undefined || severity[change.mode] > severity[known]) worst[column] = change.mode;
		}
	}
	return worst;
}

/** One character for each column: the worse the mode, the taller. Blank where nothing is known. */
export function modeLine(modes: readonly (Mode | undefined)[], glyphs: Glyphs): Row {
	const canvas = new Canvas(modes.length, 1);
	for (const [column, mode] of modes.entries())
		if (mode) canvas.put(column, 0, glyphs.modeLevels[mode], modeStyles[mode]);
	return canvas.row(0);
}

/** Outages as blocks, with what they are where there is room for the words. */
export function outageLine(outages: readonly OutageSpan[], columns: number, frame: TimeFrame, glyphs: Glyphs): Row {
	const canvas = new Canvas(columns, 1);
	for (const outage of outages) {
		const covered = columnsOf(outage, frame, columns);
		if (!covered) continue;
		const room = covered[1] - covered[0];
		canvas.write(covered[0], 0, glyphs.shade.repeat(room), 'shade');
		// A margin of a cell on both sides, where there is room for it.
		const margin = Math.min(1, Math.max(0, room - widthOf(outage.label)));
		const words = truncate(outage.label, room - margin, glyphs.ellipsis);
		// Words of wide characters would not keep to their cells; faults have none.
		if (room >= 6 && widthOf(words) === words.length) canvas.write(covered[0] + margin, 0, words, 'bad');
	}
	return canvas.row(0);
}
