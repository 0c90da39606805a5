import {graphemes, isOneCellEach, widthOf} from '../../text/cells.js';

const esc = '\u001B';

/** A control sequence with its parameters and its final character, another escape sequence, a line break, or text. */
const pieces = new RegExp(
	[
		String.raw`${esc}\[([0-?]*)[ -/]*([@-~])`,
		String.raw`${esc}\][^\u0007${esc}]*(?:\u0007|${esc}\\)`,
		String.raw`${esc}[^[\]]?`,
		String.raw`[\r\n]`,
		String.raw`[^${esc}\r\n]+`,
	].join('|'),
	'g',
);

/** The column after a control sequence; undefined if it is not known. Columns count from 0. */
function columnAfter(final: string, parameters: string, column: number | undefined): number | undefined {
	const [first = 1, second = 1] = parameters.split(';').map((text) => (text === '' ? 1 : Number(text)));
	switch (final) {
		case 'G':
			return first - 1;
		case 'H':
		case 'f':
			return second - 1;
		case 'E':
		case 'F':
			return 0;
		case 'C':
			return column === undefined ? undefined : column + first;
		case 'D':
			return column === undefined ? undefined : Math.max(0, column - first);
		case 's':
		case 'u':
			return undefined;
		default:
			return column;
	}
}

/**
 * A run of characters at a known column: first blanks in its cells, so that no old text shows if the terminal draws the run
 * narrower; then the run, without wrapping if the terminal draws it wider; then a move to the column of the next text.
 */
function anchoredRun(run: string, column: number, width: number): string {
	return `${esc}[?7l${' '.repeat(width)}${esc}[${column + 1}G${run}${esc}[${column + width + 1}G${esc}[?7h`;
}

/** Cells that Ink gives to a character. */
const cellsOf = (grapheme: string) => Math.max(1, widthOf(grapheme));

type Anchored = {
	readonly text: string;
	/** The column of the cursor afterwards; undefined if it is not known. */
	readonly column: number | undefined;
};

function anchorPlainText(text: string, column: number | undefined): Anchored {
	if (isOneCellEach(text)) return {text, column: column === undefined ? undefined : column + text.length};
	if (column === undefined) return {text, column};
	let anchored = '';
	let at = column;
	let run = '';
	let width = 0;
	const endRun = () => {
		if (run !== '') anchored += anchoredRun(run, at, width);
		at += width;
		run = '';
		width = 0;
	};
	for (const grapheme of graphemes(text)) {
		if (isOneCellEach(grapheme)) {
			endRun();
			anchored += grapheme;
			at++;
		} else {
			run += grapheme;
			width += cellsOf(grapheme);
		}
	}
	endRun();
	return {text: anchored, column: at};
}

/**
 * Terminal output in which text after characters of ambiguous width is *anchored*: placed in its column explicitly.
 *
 * Terminals do not agree on the cells of joined emoji, flags, variation selectors, conjuncts, or emoji at all: a woman at a
 * computer takes two in one, three in the next and six in another. Whatever width the layout assumes, in some terminals the
 * rest of the line would be shifted, and since only changes are drawn, parts of old text would stay. So the cursor is moved to
 * its column after each run of such characters, and the following text covers what was drawn too wide.
 *
 * @param column Column of the cursor, from 0; undefined if it is not known. Then nothing is anchored until the next move to a
 * column.
 */
export function anchorText(output: string, column: number | undefined): Anchored {
	let text = '';
	let at = column;
	for (const [piece, parameters, final] of output.matchAll(pieces)) {
		if (final !== undefined) {
			at = columnAfter(final, parameters ?? '', at);
			text += piece;
		} else if (piece === '\r' || piece === '\n') {
			at = 0;
			text += piece;
		} else if (piece.startsWith(esc)) {
			text += piece;
		} else {
			const anchored = anchorPlainText(piece, at);
			at = anchored.column;
			text += anchored.text;
		}
	}
	return {text, column: at};
}

/** A terminal as Ink uses it, whose text is anchored (`anchorText`) on its way. */
export function anchoredOutput(terminal: NodeJS.WriteStream): NodeJS.WriteStream {
	let column: number | undefined;
	const write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
		if (typeof chunk !== 'string') {
			column = undefined;
			return terminal.write(chunk, ...rest);
		}
		const anchored = anchorText(chunk, column);
		column = anchored.column;
		return terminal.write(anchored.text, ...rest);
	};
	return new Proxy(terminal, {
		get(target, property) {
			if (property === 'write') return write;
			const value: unknown = Reflect.get(target, property, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
