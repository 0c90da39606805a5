import {widthOf} from './row.js';

/** A text in lines of at most `width` cells, broken between words. A longer word keeps a line of its own, cut by whoever draws it. */
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
