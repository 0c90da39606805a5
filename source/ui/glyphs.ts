import type {Mode} from '../metrics/snapshot.js';

/** asciichart's ten symbols: first point, axis, (two unused), level, up from, up to, down from, down to, upright. */
export type LineSymbols = readonly [string, string, string, string, string, string, string, string, string, string];

/** Every character that is not a letter, so that the whole screen can be drawn in plain ASCII. */
export type Glyphs = {
	readonly name: 'unicode' | 'ascii';
	readonly horizontal: string;
	readonly vertical: string;
	readonly topLeft: string;
	readonly topRight: string;
	readonly bottomLeft: string;
	readonly bottomRight: string;
	/** Frame of the focused panel: another shape, so that focus is not a matter of colour. */
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
	/** Three kinds of lines that differ in shape: light, heavy, dashed. */
	readonly lines: readonly [LineSymbols, LineSymbols, LineSymbols];
	readonly lineSamples: readonly [string, string, string];
	/** Parts of a cell, from empty to full. */
	readonly barParts: readonly string[];
	readonly barEmpty: string;
	readonly sparks: readonly string[];
	readonly modes: Readonly<Record<Mode, string>>;
	/** Height on the time line: the worse, the taller. */
	readonly modeLevels: Readonly<Record<Mode, string>>;
	readonly pass: string;
	readonly fail: string;
	readonly open: string;
	readonly dot: string;
	readonly pointer: string;
	readonly up: string;
	readonly down: string;
	readonly right: string;
	readonly times: string;
	readonly plusMinus: string;
	readonly approximately: string;
	readonly ellipsis: string;
	readonly separator: string;
	readonly caret: string;
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
	up: '↑',
	down: '↓',
	right: '→',
	times: '×',
	plusMinus: '±',
	approximately: '≈',
	ellipsis: '…',
	separator: '│',
	caret: '█',
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
	up: '^',
	down: 'v',
	right: '->',
	times: 'x',
	plusMinus: '+-',
	approximately: '~',
	ellipsis: '~',
	separator: '|',
	caret: '_',
	playhead: 'v',
	folded: '+',
	unfolded: '-',
	atLeast: '>',
};

export const glyphSets = {unicode, ascii} as const;
export type GlyphsName = keyof typeof glyphSets;
