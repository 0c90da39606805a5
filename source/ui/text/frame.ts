import type {Glyphs} from '../glyphs.js';
import {fitRows, type Row, rowWidth, span, truncate, widthOf} from './row.js';

export type FrameOptions = {
	readonly title: string;
	/** The first that fits is shown. */
	readonly notes?: readonly Row[] | undefined;
	readonly width: number;
	readonly height: number;
	readonly isFocused?: boolean;
	readonly glyphs: Glyphs;
};

/** Cells that a frame leaves for what is in it. */
export const insideFrame = (width: number, height: number) => ({
	width: Math.max(0, width - 4),
	height: Math.max(0, height - 2),
});

/** Rows in a box with the title and the newest figures in its upper edge. The focused one has a heavy edge and a mark. */
export function frame(rows: readonly Row[], options: FrameOptions): Row[] {
	const {width, height, glyphs, isFocused = false} = options;
	const edge = isFocused ? 'focus' : 'border';
	const horizontal = isFocused ? glyphs.focusHorizontal : glyphs.horizontal;
	const vertical = isFocused ? glyphs.focusVertical : glyphs.vertical;
	const inside = insideFrame(width, height);
	const title = truncate(
		`${isFocused ? `${glyphs.pointer} ` : ''}${options.title}`,
		Math.max(0, width - 6),
		glyphs.ellipsis,
	);
	const room = width - 6 - widthOf(title);
	const note = options.notes?.find((candidate) => rowWidth(candidate) + 3 <= room);
	const fill = room - (note ? rowWidth(note) + 3 : 0);
	const top: Row = [
		span((isFocused ? glyphs.focusTopLeft : glyphs.topLeft) + horizontal, edge),
		span(` ${title} `, isFocused ? 'focus' : 'title'),
		span(horizontal.repeat(Math.max(0, fill)), edge),
		...(note ? [span(' '), ...note, span(' '), span(horizontal, edge)] : []),
		span(horizontal + (isFocused ? glyphs.focusTopRight : glyphs.topRight), edge),
	];
	const bottom: Row = [
		span(
			(isFocused ? glyphs.focusBottomLeft : glyphs.bottomLeft) +
				horizontal.repeat(Math.max(0, width - 2)) +
				(isFocused ? glyphs.focusBottomRight : glyphs.bottomRight),
			edge,
		),
	];
	return [
		top,
		...fitRows(rows, inside.width, inside.height).map(
			(row): Row => [span(`${vertical} `, edge), ...row, span(` ${vertical}`, edge)],
		),
		bottom,
	];
}

export const insideRule = (width: number, height: number) => ({width, height: Math.max(0, height - 1)});

/** Rows under one line that carries the title and the newest figures: for screens without rows to spare. */
export function rule(rows: readonly Row[], options: FrameOptions): Row[] {
	const {width, height, glyphs, isFocused = false} = options;
	const edge = isFocused ? 'focus' : 'border';
	const horizontal = isFocused ? glyphs.focusHorizontal : glyphs.horizontal;
	// Close to the title: with a blank between, the focused panel would lose its figures at 80 columns.
	const title = truncate(`${isFocused ? glyphs.pointer : ''}${options.title}`, Math.max(0, width - 4), glyphs.ellipsis);
	const room = width - 3 - widthOf(title);
	const note = options.notes?.find((candidate) => rowWidth(candidate) + 2 <= room);
	const fill = room - (note ? rowWidth(note) + 1 : 0);
	const top: Row = [
		span(horizontal, edge),
		span(` ${title} `, isFocused ? 'focus' : 'title'),
		span(horizontal.repeat(Math.max(0, fill)), edge),
		...(note ? [span(' '), ...note] : []),
	];
	return [top, ...fitRows(rows, width, height - 1)];
}
