/** What a piece of text means. Panels name meanings; only the theme knows colours. */
export type StyleName =
	| 'text'
	| 'dim'
	| 'strong'
	| 'border'
	| 'focus'
	| 'title'
	| 'accent'
	| 'key'
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
	| 'match';

/** SGR parameters, in the order in which they are applied. */
export type Style = readonly number[];

export type Theme = Readonly<Record<StyleName, Style>>;

export const themeNames = ['default', 'light', 'colour-blind', 'mono'] as const;
export type ThemeName = (typeof themeNames)[number];

const bold = 1;
const faint = 2;
const underline = 4;
const inverse = 7;

/*
 * Only the 16 ANSI colours, so that the terminal's own palette decides. Secondary text is faint, never bright black:
 * several popular palettes (Solarized among them) draw bright black in the colour of the background.
 */
const dark: Theme = {
	text: [],
	dim: [faint],
	strong: [bold],
	border: [faint],
	focus: [bold, 36],
	title: [bold],
	accent: [36],
	key: [bold, 36],
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
};

const light: Theme = {
	...dark,
	focus: [bold, 34],
	accent: [34],
	key: [bold, 34],
	warn: [35],
	// Inverse, so that the letters are as light as the background: bright white is a grey in many light palettes.
	alarm: [bold, 31, inverse],
	notice: [bold, 35, inverse],
	redis: [34],
	miss: [35],
	median: [34],
	tail: [35],
};

/** Blue against yellow instead of green against red: both stay apart for every common kind of colour blindness. */
const colourBlind: Theme = {
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
	key: [bold],
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
};

const themes: Readonly<Record<ThemeName, Theme>> = {default: dark, light, 'colour-blind': colourBlind, mono};

/** The theme of a name. Without colours every theme is `mono`: bold, underline and inverse are not colours. */
export function themeOf(name: ThemeName, noColor = false): Theme {
	return noColor ? themes.mono : themes[name];
}

export function isThemeName(name: string): name is ThemeName {
	return (themeNames as readonly string[]).includes(name);
}
