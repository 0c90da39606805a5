import {useCallback, useRef} from 'react';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useViewport} from '../hooks/use-viewport.js';
import {type ScrollScope, topFor} from '../state/scroll.js';
import {fitRow, type Row, restyle, type Span, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {type Draw, Raster} from './raster.js';

type ListProps = {
	readonly count: number;
	/** Index of the selected row, which stays visible. Undefined if none is selected; the end is shown then. */
	readonly selected: number | undefined;
	/** Draws the row at an index. Pass the same function while the rows are unchanged. */
	readonly row: (index: number, width: number) => Row;
	/** Shown instead of an empty list, on as many rows as it needs. */
	readonly empty?: Span;
	/** The scope in which keystrokes move the selection. Undefined: keystrokes do not move it. */
	readonly scope?: ScrollScope;
	/** True while the selected row is marked. Default true. */
	readonly isMarked?: boolean;
	/** Columns of rows side by side. Default 1. */
	readonly columns?: (width: number) => number;
	/** Its height in rows, if there are enough. Default: all rows of its box. */
	readonly height?: number;
};

/**
 * A list with a selected row. The component keeps the scroll position itself: the selection is part of the state, but the
 * visible rows depend on the size of the box.
 */
export function List({count, selected, row, empty, scope, isMarked = true, columns, height}: ListProps) {
	const glyphs = useGlyphs();
	const setViewport = useViewport(scope);
	const top = useRef(0);
	const draw: Draw = useCallback(
		({width, height: rows}) => {
			const across = columns?.(width) ?? 1;
			const shown = rows * across;
			setViewport({rows: shown, lines: count});
			top.current = topFor(selected ?? count - 1, top.current, count, shown);
			if (count === 0) return empty ? wrapWords(empty.text, width).map((line) => [span(line, empty.style)]) : [];
			const cell = Math.floor(width / across);
			const cellAt = (index: number): Row => {
				if (index >= count) return [];
				return fitRow(listRow(row(index, cell - 2), isMarked && index === selected, cell, glyphs), cell);
			};
			return Array.from({length: rows}, (_, y) =>
				Array.from({length: across}, (__, x) => cellAt(top.current + x * rows + y)).flat(),
			);
		},
		[count, selected, row, empty, isMarked, columns, glyphs, setViewport],
	);
	return <Raster draw={draw} {...(height !== undefined && {height})} />;
}

/** A row of a list: the selected one has a pointer and is highlighted. */
function listRow(row: Row, isSelected: boolean, width: number, glyphs: Glyphs): Row {
	const pointed: Row = [span(isSelected ? `${glyphs.pointer} ` : '  ', isSelected ? 'focus' : 'text'), ...row];
	return isSelected ? restyle(fitRow(pointed, width), 'selected') : pointed;
}
