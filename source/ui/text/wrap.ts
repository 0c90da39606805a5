import {graphemes, widthOf} from '../../text/cells.js';

/** Breaks a text between words into lines of at most `width` cells. A longer word gets a line of its own, uncut. */
export function wrapWords(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(/\s+/u)) {
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

/** Breaks a text after every `width` cells, wherever that is. */
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
