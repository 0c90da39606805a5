import type {ServerReport} from '../../../inspect/server/reports/report.js';
import {widthOf} from '../../../text/cells.js';

/** Widest column, in cells: longer texts push the rest of their line to the right. */
const widest = 40;

/** A report as lines with aligned columns. */
export function reportLines({columns, rows, notes}: ServerReport): readonly string[] {
	const widths = columns.map(({title}, index) =>
		Math.min(
			widest,
			Math.max(widthOf(title), ...rows.map(({cells, level}) => (level === 'title' ? 0 : widthOf(cells[index] ?? '')))),
		),
	);
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, index) => {
				const blanks = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
				return columns[index]?.align === 'right' ? blanks + cell : cell + blanks;
			})
			.join('  ')
			.trimEnd();
	return [
		line(columns.map(({title}) => title)),
		...rows.map(({cells, level}) => `${line(cells)}${level === 'warn' || level === 'bad' ? '  !' : ''}`),
		...notes,
	];
}
