import type {ConnectionColor} from '../engine/target/connection.js';

/** The meaning of a piece of text. Components name meanings; only the theme knows colors. */
export type StyleName =
	| 'text'
	| 'dim'
	| 'strong'
	| 'border'
	| 'focus'
	| 'title'
	| 'accent'
	| 'keystroke'
	| 'good'
	| 'warn'
	| 'bad'
	| 'alarm'
	| 'notice'
	| 'memory'
	| 'redis'
	| 'miss'
	| 'median'
	| 'tail'
	| 'shade'
	| 'selected'
	| 'match'
	| `mark-${ConnectionColor}`;

/** SGR codes, in the order in which they are applied. */
export type Style = readonly number[];

export type Theme = Readonly<Record<StyleName, Style>>;

export const themeNames = ['default', 'light', 'colour-blind', 'mono'] as const;
export type ThemeName = (typeof themeNames)[number];

const bold = 1;
const faint = 2;
const underline = 4;
const inverse = 7;

type Marks = Readonly<Record<`mark-${ConnectionColor}`, Style>>;

/** The names of connections. */
function marks(styles: Readonly<Record<ConnectionColor, Style>>): Marks {
	return Object.fromEntries(Object.entries(styles).map(([color, style]) => [`mark-${color}`, style])) as Marks;
}

/** Inverse, so that the letters have the color of the background, whatever color the terminal's palette uses for white. */
const inverseMarks = marks({
	red: [bold, 31, inverse],
	yellow: [bold, 33, inverse],
	green: [bold, 32, inverse],
	cyan: [bold, 36, inverse],
	blue: [bold, 34, inverse],
	magenta: [bold, 35, inverse],
});

/*
 * Only the 16 ANSI colors, so that the terminal's own palette decides. Secondary text is faint, never bright black:
 * several popular palettes (Solarized among them) draw bright black in the color of the background.
 */
const dark: Theme = {
	text: [],
	dim: [faint],
	strong: [bold],
	border: [faint],
	focus: [bold, 36],
	title: [bold],
	accent: [36],
	keystroke: [bold, 36],
	good: [32],
	warn: [33],
	bad: [bold, 31],
	alarm: [bold, 97, 41],
	notice: [bold, 30, 43],
	memory: [32],
	redis: [94],
	miss: [33],
	median: [36],
	tail: [95],
	shade: [faint, 31],
	selected: [inverse],
	match: [bold, underline],
	...marks({
		red: [bold, 97, 41],
		yellow: [bold, 30, 43],
		green: [bold, 30, 42],
		cyan: [bold, 30, 46],
		blue: [bold, 97, 44],
		magenta: [bold, 97, 45],
	}),
};

const light: Theme = {
	...dark,
	focus: [bold, 34],
	accent: [34],
	keystroke: [bold, 34],
	warn: [35],
	// Inverse, so that the letters have the color of the background: bright white is gray in many light palettes.
	alarm: [bold, 31, inverse],
	notice: [bold, 35, inverse],
	redis: [34],
	miss: [35],
	median: [34],
	tail: [35],
	...inverseMarks,
};

/** Blue and yellow instead of green and red: people with any common kind of color blindness tell them apart. */
const colorBlind: Theme = {
	...dark,
	good: [94],
	warn: [33],
	bad: [bold, 93],
	alarm: [bold, 30, 103],
	notice: [bold, 97, 44],
	memory: [94],
	redis: [96],
	miss: [93],
	median: [96],
	tail: [93],
	shade: [faint, 33],
};

const mono: Theme = {
	...dark,
	focus: [bold],
	accent: [],
	keystroke: [bold],
	good: [],
	warn: [bold],
	bad: [bold],
	alarm: [bold, inverse],
	notice: [inverse],
	memory: [],
	redis: [],
	miss: [],
	median: [],
	tail: [],
	shade: [faint],
	...marks({
		red: [bold, inverse],
		yellow: [inverse],
		green: [inverse],
		cyan: [inverse],
		blue: [inverse],
		magenta: [inverse],
	}),
};

const themes: Readonly<Record<ThemeName, Theme>> = {default: dark, light, 'colour-blind': colorBlind, mono};

/** With `noColor` every theme is `mono`, which has bold, faint, underline and inverse only. */
export function themeOf(name: ThemeName, noColor = false): Theme {
	return noColor ? themes.mono : themes[name];
}

const colorNames = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** The name that Ink has for the color of an SGR code. */
function colorOf(code: number): string {
	const name = colorNames[code % 10] ?? 'white';
	return code >= 90 ? `${name}Bright` : name;
}

const isForeground = (code: number) => (code >= 30 && code < 38) || (code >= 90 && code < 98);
const isBackground = (code: number) => (code >= 40 && code < 48) || (code >= 100 && code < 108);

/** A style as the properties of Ink's `<Text>`. */
export function textProps(style: Style) {
	const color = style.find(isForeground);
	const background = style.find(isBackground);
	return {
		...(color !== undefined && {color: colorOf(color)}),
		...(background !== undefined && {backgroundColor: colorOf(background)}),
		bold: style.includes(bold),
		dimColor: style.includes(faint),
		underline: style.includes(underline),
		inverse: style.includes(inverse),
	};
}

/** The parts of a style that Ink can give to a border. */
export function borderProps(style: Style) {
	const color = style.find(isForeground);
	return {...(color !== undefined && {borderColor: colorOf(color)}), borderDimColor: style.includes(faint)};
}
