import stringWidth from 'string-width';
import type {StyleName} from '../theme.js';

export type Span = {readonly text: string; readonly style: StyleName};

/** One line of the screen: pieces of text that each mean one thing. */
export type Row = readonly Span[];

export const span = (text: string, style: StyleName = 'text'): Span => ({text, style});

/**
 * What is one cell for each character, and stands for itself: ASCII, Latin, dashes and dots, arrows, lines and blocks,
 * Braille. Nearly all of a screen, and a tenth of the work to look at.
 */
const plain =
	/^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u25ff\u2713\u2717\u2800-\u28ff]*$/;

/** Cells that a text takes in a terminal. */
export function widthOf(text: string): number {
	return plain.test(text) ? text.length : stringWidth(text);
}

export function rowWidth(row: Row): number {
	let width = 0;
	for (const part of row) width += widthOf(part.text);
	return width;
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The characters as a person counts them: `é` typed as two code points is one. */
export function graphemes(text: string): string[] {
	if (plain.test(text)) return [...text];
	return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** As much of the beginning as fits in `width` cells. */
function clip(text: string, width: number): string {
	if (plain.test(text)) return text.slice(0, width);
	let taken = '';
	let used = 0;
	for (const grapheme of graphemes(text)) {
		const cells = widthOf(grapheme);
		if (used + cells > width) break;
		taken += grapheme;
		used += cells;
	}
	return taken;
}

/** Cuts at `width` cells; what is cut ends with `ellipsis`. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
	if (widthOf(text) <= width) return text;
	if (width <= 0) return '';
	return clip(text, width - widthOf(ellipsis)) + ellipsis;
}

/** Exactly `width` cells, text to the left. */
export function padEnd(text: string, width: number, ellipsis = '…'): string {
	const cut = truncate(text, width, ellipsis);
	return cut + ' '.repeat(Math.max(0, width - widthOf(cut)));
}

/** Exactly `width` cells, text to the right. */
export function padStart(text: string, width: number, ellipsis = '…'): string {
	const cut = truncate(text, width, ellipsis);
	return ' '.repeat(Math.max(0, width - widthOf(cut))) + cut;
}

/** Exactly `width` cells: cut or filled with blanks at the end. */
export function fitRow(row: Row, width: number): Row {
	const fitted: Span[] = [];
	let left = width;
	for (const part of row) {
		if (left <= 0) break;
		const cells = widthOf(part.text);
		if (cells <= left) {
			fitted.push(part);
			left -= cells;
		} else {
			const text = clip(part.text, left);
			fitted.push({text, style: part.style});
			left -= widthOf(text);
			break;
		}
	}
	if (left > 0) fitted.push(span(' '.repeat(left)));
	return fitted;
}

/** `left` and `right` at the two ends of `width` cells; `right` wins where both do not fit. */
export function spread(left: Row, right: Row, width: number): Row {
	const rightWidth = Math.min(rowWidth(right), width);
	return [...fitRow(left, width - rightWidth), ...fitRow(right, rightWidth)];
}

/** The same text, all in one style: a selected line. */
export function restyle(row: Row, style: StyleName): Row {
	return row.map((part) => ({text: part.text, style}));
}

/** Exactly `height` rows of exactly `width` cells. */
export function fitRows(rows: readonly Row[], width: number, height: number): Row[] {
	const blank: Row = [span(' '.repeat(Math.max(0, width)))];
	return Array.from({length: Math.max(0, height)}, (_, index) => {
		const row = rows[index];
		return row ? fitRow(row, width) : blank;
	});
}

/** Blocks of rows next to each other, each as wide as said, with a gap between them. */
export function joinHorizontal(
	blocks: readonly {readonly rows: readonly Row[]; readonly width: number}[],
	gap: number,
): Row[] {
	const height = Math.max(0, ...blocks.map((block) => block.rows.length));
	return Array.from({length: height}, (_, y) =>
		blocks.flatMap((block, index) => [
			...(index === 0 ? [] : [span(' '.repeat(gap))]),
			...fitRow(block.rows[y] ?? [], block.width),
		]),
	);
}
