import {type Palette, palettes} from '../svg.js';

/** Colors of a chart, from those of the terminal pictures. */
export type Inks = {
	readonly paper: string;
	readonly text: string;
	readonly dim: string;
	readonly good: string;
	readonly bad: string;
	/** Of lines, in their order. */
	readonly lines: readonly string[];
};

const inksOf = ({background, foreground, ansi}: Palette, dim: string): Inks => {
	const [, red = '', green = '', yellow = '', blue = '', magenta = ''] = ansi;
	return {paper: background, text: foreground, dim, good: green, bad: red, lines: [blue, yellow, magenta, green]};
};

export const inks: Readonly<Record<'dark' | 'light', Inks>> = {
	dark: inksOf(palettes.dark, '#8b949e'),
	light: inksOf(palettes.light, '#57606a'),
};

/** Places with two digits, so that the same figures give the same file. */
export const at = (value: number): string => String(Math.round(value * 100) / 100);

const escapeXml = (text: string) =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export type Label = {
	readonly x: number;
	readonly y: number;
	readonly text: string;
	readonly fill: string;
	readonly anchor?: 'start' | 'middle' | 'end';
	readonly isBold?: boolean;
};

export function label({x, y, text, fill, anchor = 'start', isBold = false}: Label): string {
	const weight = isBold ? ' font-weight="bold"' : '';
	return `<text x="${at(x)}" y="${at(y)}" fill="${fill}" text-anchor="${anchor}"${weight}>${escapeXml(text)}</text>`;
}

type Ends = {readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number};

export const rule = ({x1, y1, x2, y2}: Ends, stroke: string, width = 1): string =>
	`<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${stroke}" stroke-width="${width}"/>`;

/** A whole SVG, with its shapes one on each line. */
export function sheet(
	size: {readonly width: number; readonly height: number},
	title: string,
	{paper}: Inks,
	shapes: readonly string[],
): string {
	const {width, height} = size;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}" role="img" font-family="'DejaVu Sans', Verdana, sans-serif" font-size="13">`,
		`<title>${escapeXml(title)}</title>`,
		`<rect width="100%" height="100%" rx="6" fill="${paper}"/>`,
		...shapes,
		'</svg>',
		'',
	].join('\n');
}
