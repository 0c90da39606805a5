import {graphemes, widthOf} from '../../text/cells.js';

const noBreakSpace = '\u00A0';

const beforeUnit = /(?<=\d) (?=(?:[µu]s|ms|s|min|h|d|%|[KMGT]?i?B(?:\/s)?)(?![\p{L}\p{N}]))/gu;

/** Ties each number to its unit, so that no line ends between them. `untie` is for the lines. */
export const tieUnits = (text: string): string => text.replaceAll(beforeUnit, noBreakSpace);

/** Replaces the no-break spaces of `tieUnits` by ordinary ones. */
export const untie = (line: string): string => line.replaceAll(noBreakSpace, ' ');

/** Breaks a text between words, and not between a number and its unit, into lines of at most `width` cells. A longer word gets a line of its own, uncut. */
export function wrapWords(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const tied of tieUnits(text).split(/[^\S\u00A0]+/u)) {
		const word = untie(tied);
		const longer = line === '' ? word : `${line} ${word}`;
		if (widthOf(longer) <= width) {
			line = longer;
		} else {
			if (line !== '') lines.push(line);
			line = word;
		}
	}
	return line === '' ? lines : [...lines, line];
}

/** Breaks a text after every `width` cells, even within words. */
export function wrapCells(text: string, width: number): string[] {
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
