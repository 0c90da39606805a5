import type {Mode} from '../metrics/snapshot.js';
import type {GlyphSet} from '../text/glyph-set.js';

/** asciichart's ten symbols: first point, axis, (two unused), level, up from, up to, down from, down to, vertical. */
type LineSymbols = readonly [string, string, string, string, string, string, string, string, string, string];

/** Every character that is not text, so that the whole screen can be drawn in plain ASCII. */
export type Glyphs = {
	readonly name: GlyphSet;
	readonly horizontal: string;
	readonly vertical: string;
	readonly topLeft: string;
	readonly topRight: string;
	readonly bottomLeft: string;
	readonly bottomRight: string;
	/** Border of the focused panel: of another shape, so that focus does not depend on color. */
	readonly focusHorizontal: string;
	readonly focusVertical: string;
	readonly focusTopLeft: string;
	readonly focusTopRight: string;
	readonly focusBottomLeft: string;
	readonly focusBottomRight: string;
	readonly tick: string;
	readonly axis: string;
	readonly axisTick: string;
	readonly axisCorner: string;
	readonly axisTop: string;
	readonly outageAxis: string;
	readonly shade: string;
	/** Three lines that differ in shape: light, heavy, dashed. */
	readonly lines: readonly [LineSymbols, LineSymbols, LineSymbols];
	readonly lineSamples: readonly [string, string, string];
	/** A cell filled from the left, from empty to full. */
	readonly barParts: readonly string[];
	readonly barEmpty: string;
	readonly sparks: readonly string[];
	readonly modes: Readonly<Record<Mode, string>>;
	/** Heights of the mode on the time line: the worse the mode, the taller. */
	readonly modeLevels: Readonly<Record<Mode, string>>;
	readonly pass: string;
	readonly fail: string;
	readonly open: string;
	readonly dot: string;
	readonly pointer: string;
	readonly down: string;
	readonly times: string;
	readonly approximately: string;
	readonly ellipsis: string;
	readonly separator: string;
	readonly playhead: string;
	readonly folded: string;
	readonly unfolded: string;
	readonly atLeast: string;
};

export const unicode: Glyphs = {
	name: 'unicode',
	horizontal: '─',
	vertical: '│',
	topLeft: '╭',
	topRight: '╮',
	bottomLeft: '╰',
	bottomRight: '╯',
	focusHorizontal: '━',
	focusVertical: '┃',
	focusTopLeft: '┏',
	focusTopRight: '┓',
	focusBottomLeft: '┗',
	focusBottomRight: '┛',
	tick: '┤',
	axis: '─',
	axisTick: '┬',
	axisCorner: '└',
	axisTop: '│',
	outageAxis: '▀',
	shade: '░',
	lines: [
		['─', ' ', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
		['━', ' ', '╺', '╸', '━', '┗', '┏', '┓', '┛', '┃'],
		['╌', ' ', '╶', '╴', '╌', '╰', '╭', '╮', '╯', '┊'],
	],
	lineSamples: ['─', '━', '╌'],
	barParts: ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
	barEmpty: '·',
	sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	modes: {connected: '●', fallback: '▲', recovering: '◐'},
	modeLevels: {connected: '▁', recovering: '▄', fallback: '█'},
	pass: '✓',
	fail: '✗',
	open: '○',
	dot: '·',
	pointer: '▸',
	down: '↓',
	times: '×',
	approximately: '≈',
	ellipsis: '…',
	separator: '│',
	playhead: '▼',
	folded: '+',
	unfolded: '-',
	atLeast: '≥',
};

export const ascii: Glyphs = {
	name: 'ascii',
	horizontal: '-',
	vertical: '|',
	topLeft: '+',
	topRight: '+',
	bottomLeft: '+',
	bottomRight: '+',
	focusHorizontal: '=',
	focusVertical: '|',
	focusTopLeft: '#',
	focusTopRight: '#',
	focusBottomLeft: '#',
	focusBottomRight: '#',
	tick: '|',
	axis: '-',
	axisTick: '+',
	axisCorner: '+',
	axisTop: '|',
	outageAxis: '#',
	shade: ':',
	lines: [
		['-', ' ', '-', '-', '-', '`', '.', '.', "'", '|'],
		['=', ' ', '=', '=', '=', '`', '.', '.', "'", 'I'],
		['~', ' ', '~', '~', '~', '`', '.', '.', "'", '!'],
	],
	lineSamples: ['-', '=', '~'],
	barParts: ['', '#'],
	barEmpty: '.',
	sparks: ['_', '.', '-', '=', '+', '*', '%', '#'],
	modes: {connected: 'o', fallback: '!', recovering: '~'},
	modeLevels: {connected: '_', recovering: '+', fallback: '#'},
	pass: 'v',
	fail: 'x',
	open: '.',
	dot: '-',
	pointer: '>',
	down: 'v',
	times: 'x',
	approximately: '~',
	ellipsis: '~',
	separator: '|',
	playhead: 'v',
	folded: '+',
	unfolded: '-',
	atLeast: '>',
};

export const glyphsOf: Readonly<Record<GlyphSet, Glyphs>> = {unicode, ascii};
