import {bodySize, type Size} from '../layout.js';
import {printable} from '../text/printable.js';
import {graphemes, widthOf} from '../text/row.js';

/** Where the value of the open key stands: beside the list on a wide screen, else instead of it. */
export function valueWidth(columns: number): number {
	return columns < 110 ? columns : columns - Math.floor(columns / 2);
}

function wrapCells(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	let used = 0;
	for (const char of graphemes(text)) {
		const cells = widthOf(char);
		if (used + cells > width && line !== '') {
			lines.push(line);
			line = '';
			used = 0;
		}
		line += char;
		used += cells;
	}
	return [...lines, line];
}

/** A value as lines that fit its box, all of it. */
export function valueLines(lines: readonly string[] | undefined, screen: Size): readonly string[] {
	const width = Math.max(10, valueWidth(bodySize(screen).columns) - 4);
	return (lines ?? []).flatMap((line) => wrapCells(printable(line), width));
}
