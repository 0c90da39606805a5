import type {Row, Span} from '../text/row.js';
import type {StyleName} from '../theme.js';

type Cell = {readonly char: string; readonly style: StyleName};

const blank: Cell = {char: ' ', style: 'text'};

/** A grid of one-cell characters. Later writes replace earlier ones; writes outside the grid are ignored. */
export class Canvas {
	readonly #cells: Cell[][];

	constructor(
		readonly width: number,
		readonly height: number,
	) {
		this.#cells = Array.from({length: height}, () => new Array<Cell>(width).fill(blank));
	}

	put(x: number, y: number, char: string, style: StyleName): void {
		const row = this.#cells[y];
		if (row && x >= 0 && x < this.width) row[x] = {char, style};
	}

	/** Writes characters that take one cell each. */
	write(x: number, y: number, text: string, style: StyleName): void {
		let column = x;
		for (const char of text) this.put(column++, y, char, style);
	}

	isBlank(x: number, y: number): boolean {
		return this.#cells[y]?.[x]?.char === ' ';
	}

	row(y: number): Row {
		const spans: Span[] = [];
		let text = '';
		let style: StyleName | undefined;
		for (const cell of this.#cells[y] ?? []) {
			// A blank looks the same in every style without a background.
			if (cell.style !== style && !(cell === blank && text !== '')) {
				if (style !== undefined) spans.push({text, style});
				text = '';
				style = cell.style;
			}
			text += cell.char;
		}
		if (style !== undefined) spans.push({text, style});
		return spans;
	}

	rows(): Row[] {
		return this.#cells.map((_, y) => this.row(y));
	}
}
