import {padEnd, padStart, type Row, rowWidth, type Span, span} from './row.js';

export type Column<Item> = {
	readonly title: string;
	/** Cells. */
	readonly width: number;
	readonly align?: 'left' | 'right';
	/** The column with the highest number is the first to be dropped if the width is not sufficient. */
	readonly priority: number;
	/** Takes the remaining width. At most one column. */
	readonly grows?: boolean;
	readonly cell: (item: Item, width: number) => readonly Span[] | Span;
};

/** Draws the head and the rows of a table of one width. */
type TableRows<Item> = {
	readonly head: Row;
	readonly row: (item: Item) => Row;
	/** The columns of an item that are not fully visible: the text was cut, or the column was dropped. */
	readonly hidden: (item: Item) => readonly Column<Item>[];
};

const gap = 2;

/** Chooses the columns that fit in `width`. Widths do not depend on values, so that nothing moves when a value changes. */
export function tableRows<Item>(columns: readonly Column<Item>[], width: number): TableRows<Item> {
	let shown = columns;
	const needed = (list: readonly Column<Item>[]) => list.reduce((sum, column) => sum + column.width + gap, -gap);
	while (needed(shown) > width && shown.length > 1) {
		const least = shown.reduce((a, b) => (b.priority > a.priority ? b : a));
		shown = shown.filter((column) => column !== least);
	}
	const free = Math.max(0, width - needed(shown));
	const widths = shown.map((column) => column.width + (column.grows ? free : 0));
	const fill = (cells: readonly Span[], column: Column<Item>, cellWidth: number): Span[] => {
		const [first, ...rest] = cells;
		if (!first) return [span(' '.repeat(cellWidth))];
		if (rest.length > 0) return [...cells];
		const text = column.align === 'right' ? padStart(first.text, cellWidth) : padEnd(first.text, cellWidth);
		return [{text, style: first.style}];
	};
	const line = (cells: (column: Column<Item>, cellWidth: number) => readonly Span[]): Row =>
		shown.flatMap((column, index) => {
			const cellWidth = widths[index] ?? column.width;
			return [...(index === 0 ? [] : [span(' '.repeat(gap))]), ...fill(cells(column, cellWidth), column, cellWidth)];
		});
	const isCut = (column: Column<Item>, item: Item): boolean => {
		const cellWidth = widths[shown.indexOf(column)] ?? 0;
		const cell = column.cell(item, cellWidth);
		return rowWidth('text' in cell ? [cell] : cell) > cellWidth;
	};
	return {
		hidden: (item) => columns.filter((column) => isCut(column, item)),
		head: line((column) => [span(column.title, 'dim')]),
		row: (item) =>
			line((column, cellWidth) => {
				const cell = column.cell(item, cellWidth);
				return 'text' in cell ? [cell] : cell;
			}),
	};
}
