import {graphemes, isOneCellEach, widthOf} from '../../text/cells.js';
import type {StyleName} from '../theme.js';

/** A piece of text with one meaning, and so one style. */
export type Span = {readonly text: string; readonly style: StyleName};

/** One line of the screen. */
export type Row = readonly Span[];

export const span = (text: string, style: StyleName = 'text'): Span => ({text, style});

export function rowWidth(row: Row): number {
	let width = 0;
	for (const part of row) width += widthOf(part.text);
	return width;
}

/** The longest start of a text that fits in `width` cells. */
function clip(text: string, width: number): string {
	if (isOneCellEach(text)) return text.slice(0, width);
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

/** Cuts a text to `width` cells, with `ellipsis` at the end of a cut one. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
	if (widthOf(text) <= width) return text;
	if (width <= 0) return '';
	return clip(text, width - widthOf(ellipsis)) + ellipsis;
}

/** Fits a text to exactly `width` cells, aligned left. */
export function padEnd(text: string, width: number, ellipsis = '…'): string {
	const cut = truncate(text, width, ellipsis);
	return cut + ' '.repeat(Math.max(0, width - widthOf(cut)));
}

/** Fits a text to exactly `width` cells, aligned right. */
export function padStart(text: string, width: number, ellipsis = '…'): string {
	const cut = truncate(text, width, ellipsis);
	return ' '.repeat(Math.max(0, width - widthOf(cut))) + cut;
}

const endsInWord = /[\p{L}\p{N}]$/u;
const beginsInWord = /^[\p{L}\p{N}]/u;

/** Cuts a row to at most `width` cells. A word or a number that is cut ends with an ellipsis, so that it is not misread. */
export function cutRow(row: Row, width: number): Row {
	const kept: Span[] = [];
	let left = width;
	for (const part of row) {
		if (left <= 0) break;
		const cells = widthOf(part.text);
		if (cells > left) {
			kept.push({text: cutText(part.text, left), style: part.style});
			break;
		}
		kept.push(part);
		left -= cells;
	}
	return kept;
}

function cutText(text: string, width: number): string {
	const cut = clip(text, width);
	const isInWord = endsInWord.test(cut) && beginsInWord.test(text.slice(cut.length));
	return isInWord ? truncate(text, width) : cut;
}

/** Cuts a row, or fills it with blanks, to exactly `width` cells. */
export function fitRow(row: Row, width: number): Row {
	const kept = cutRow(row, width);
	const left = width - rowWidth(kept);
	return left > 0 ? [...kept, span(' '.repeat(left))] : kept;
}

/** Cuts rows, or fills them with blanks, to exactly `height` rows of `width` cells. */
export function fitRows(rows: readonly Row[], width: number, height: number): Row[] {
	const blank: Row = [span(' '.repeat(Math.max(0, width)))];
	return Array.from({length: Math.max(0, height)}, (_, index) => {
		const row = rows[index];
		return row ? fitRow(row, width) : blank;
	});
}

/** Aligns two rows left and right in `width` cells. If they do not fit, the left one is cut first. */
export function spread(left: Row, right: Row, width: number): Row {
	const rightWidth = Math.min(rowWidth(right), width);
	return [...fitRow(left, width - rightWidth), ...fitRow(right, rightWidth)];
}

/** Joins as many parts as fit in `width` cells, skipping those that do not, so that no word is cut. */
export function joinFitting(parts: readonly Row[], width: number): Row {
	const row: Span[] = [];
	let used = 0;
	for (const part of parts) {
		const cells = rowWidth(part);
		if (used + cells > width) continue;
		row.push(...part);
		used += cells;
	}
	return row;
}

/** The same text in one style. */
export function restyle(row: Row, style: StyleName): Row {
	return row.map((part) => ({text: part.text, style}));
}

/** Blocks of rows side by side, each of its own width, `gap` cells apart. */
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
