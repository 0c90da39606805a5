import {sparkline} from '../../charts/sparkline.js';
import type {Glyphs} from '../../glyphs.js';
import type {Vital} from '../../rows/vital.js';
import type {PanelId} from '../../state/views/plans/overview-plan.js';
import {padEnd, padStart, type Row, rowWidth, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';

const nameWidth = 13;
const valueWidth = 9;

/** Cells of a history in lines of this width. */
export function historyColumns(width: number): number {
	return Math.max(1, width - nameWidth - valueWidth - 2);
}

export function vitalRow({panel, name, value, style, history}: Vital, focus: PanelId | undefined, glyphs: Glyphs): Row {
	const isFocused = panel === focus;
	return [
		span(padEnd(`${isFocused ? glyphs.pointer : ' '} ${name}`, nameWidth), isFocused ? 'focus' : 'dim'),
		span(padStart(value, valueWidth), style),
		span('  '),
		...history,
	];
}

/** A figure whose history is drawn as blocks. `panel`: the panel that Enter enlarges. */
export type FigureVital<Figures> = {
	readonly panel: PanelId;
	readonly name: string;
	readonly value: (figures: Figures) => number | undefined;
	readonly format: (value: number) => string;
	/** Height of a value on the line, 0 to 1. Default: its share of the highest. */
	readonly position?: (value: number) => number;
	/** The style of the blocks. */
	readonly style: StyleName;
	/** True for the value of the last ten seconds, as in the header, instead of that of the last one. */
	readonly isAverage?: boolean;
};

/** The newest figures: of the last second, and of the last ten. */
export type NewestFigures<Figures> = {readonly now: Figures | undefined; readonly lately: Figures | undefined};

/** A figure; a dash where nothing was measured. */
export function figureWords(value: number | null | undefined, format: (value: number) => string): string {
	return typeof value === 'number' ? format(value) : '-';
}

/** @param history Figures of each column; undefined where there are none. */
export function figureVital<Figures>(
	{panel, name, value, format, position, style, isAverage = false}: FigureVital<Figures>,
	{now, lately}: NewestFigures<Figures>,
	history: readonly (Figures | undefined)[],
	glyphs: Glyphs,
): Vital {
	const values = history.map((figures) => figures && value(figures));
	const highest = Math.max(1, ...values.map((each) => each ?? 0));
	const heights = values.map((each) => (each === undefined ? undefined : (position?.(each) ?? each / highest)));
	const newest = isAverage ? lately : now;
	return {
		panel,
		name,
		value: figureWords(newest && value(newest), format),
		style: 'text',
		history: [span(sparkline(heights, 1, glyphs), style)],
	};
}

/**
 * The sentence above the figures, with a constant height. The pointer of a focused one takes additional cells.
 *
 * @param rowsIn Formats the sentence for a width in cells.
 */
export function sentenceRows(
	rowsIn: (width: number) => readonly Row[],
	{isFocused, width, height}: {readonly isFocused: boolean; readonly width: number; readonly height: number},
	glyphs: Glyphs,
): Row[] {
	const pointer: Row = isFocused ? [span(`${glyphs.pointer} `, 'focus')] : [];
	const rows = rowsIn(width - rowWidth(pointer));
	return Array.from({length: height}, (_, index) => [...(index === 0 ? pointer : []), ...(rows[index] ?? [])]);
}
