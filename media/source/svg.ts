import {boxShape, stretches} from './box-shapes.js';
import type {Cell, CellColour, Screen} from './cells.js';

export type Palette = {
	readonly background: string;
	readonly foreground: string;
	readonly ansi: readonly string[];
};

export const palettes: Readonly<Record<'dark' | 'light', Palette>> = {
	dark: {
		background: '#14171c',
		foreground: '#d6dae0',
		ansi: [
			'#22262d',
			'#e5534b',
			'#57ab5a',
			'#d8a33e',
			'#4f8fe0',
			'#b083f0',
			'#4db6c5',
			'#c9d1d9',
			'#545d68',
			'#ff6a69',
			'#7ed98a',
			'#f2cc60',
			'#6cb0ff',
			'#dcbdfb',
			'#76e3ea',
			'#ffffff',
		],
	},
	light: {
		background: '#ffffff',
		foreground: '#24292f',
		ansi: [
			'#24292f',
			'#cf222e',
			'#116329',
			'#8a5a00',
			'#0550ae',
			'#8250df',
			'#1b7c83',
			'#6e7781',
			'#57606a',
			'#a40e26',
			'#1a7f37',
			'#633c01',
			'#218bff',
			'#a475f9',
			'#3192aa',
			'#8c959f',
		],
	},
};

const fontSize = 14;
const cellWidth = 8.43;
const cellHeight = 17;
const padding = 14;

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const round = (value: number) => Math.round(value * 100) / 100;

function mix(colour: string, ground: string, share: number): string {
	const part = (text: string, from: number) => Number.parseInt(text.slice(from, from + 2), 16);
	return `#${[1, 3, 5]
		.map((from) =>
			Math.round(part(colour, from) * share + part(ground, from) * (1 - share))
				.toString(16)
				.padStart(2, '0'),
		)
		.join('')}`;
}

type Look = {
	readonly ink: string;
	readonly ground: string | undefined;
	readonly weight: 'bold' | undefined;
	readonly line: boolean;
};

function lookOf(cell: Cell, palette: Palette): Look {
	const resolve = (colour: CellColour, own: string) =>
		colour === undefined ? own : typeof colour === 'string' ? colour : (palette.ansi[colour] ?? own);
	let ink = resolve(cell.foreground, palette.foreground);
	let ground = resolve(cell.background, palette.background);
	if (cell.isInverse) [ink, ground] = [ground, ink];
	if (cell.isFaint) ink = mix(ink, ground, 0.6);
	return {
		ink,
		ground: ground === palette.background ? undefined : ground,
		weight: cell.isBold ? 'bold' : undefined,
		line: cell.isUnderlined,
	};
}

const isSame = (a: Look, b: Look) => a.ink === b.ink && a.weight === b.weight && a.line === b.line;

function textElement(text: string, x: number, y: number, cells: number, look: Look): string {
	const trimmed = text.trimEnd();
	if (trimmed.trim() === '') return '';
	const kept = cells - (text.length - trimmed.length);
	const style = `${look.weight ? ' font-weight="bold"' : ''}${look.line ? ' text-decoration="underline"' : ''}`;
	// textLength holds every run to its cells, whatever font the viewer has.
	return `<text x="${round(x)}" y="${round(y + 13)}" fill="${look.ink}"${style} textLength="${round(kept * cellWidth)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escapeXml(trimmed)}</text>`;
}

function drawRow(row: readonly Cell[], top: number, palette: Palette): string {
	const grounds: string[] = [];
	const shapes: string[] = [];
	let run: {text: string; x: number; cells: number; look: Look} | undefined;
	let ground: {colour: string; x: number; cells: number} | undefined;
	/** Characters that look the same stretched over several cells are one shape. */
	let wide: {char: string; x: number; cells: number; ink: string} | undefined;
	const endWide = () => {
		if (wide) shapes.push(boxShape(wide.char, wide.x, top, wide.cells * cellWidth, cellHeight, wide.ink) ?? '');
		wide = undefined;
	};
	const endRun = () => {
		if (run) shapes.push(textElement(run.text, run.x, top, run.cells, run.look));
		run = undefined;
	};
	const endGround = () => {
		if (ground)
			grounds.push(
				`<rect x="${round(ground.x)}" y="${top}" width="${round(ground.cells * cellWidth)}" height="${cellHeight}" fill="${ground.colour}"/>`,
			);
		ground = undefined;
	};
	let column = 0;
	for (const cell of row) {
		const x = padding + column * cellWidth;
		const look = lookOf(cell, palette);
		if (look.ground !== ground?.colour) {
			endGround();
			if (look.ground !== undefined) ground = {colour: look.ground, x, cells: 0};
		}
		if (ground) ground.cells += cell.width;
		if (stretches(cell.char)) {
			endRun();
			if (wide && wide.char === cell.char && wide.ink === look.ink) wide.cells++;
			else {
				endWide();
				wide = {char: cell.char, x, cells: 1, ink: look.ink};
			}
			column++;
			continue;
		}
		endWide();
		const shape = boxShape(cell.char, x, top, cellWidth * cell.width, cellHeight, look.ink);
		if (shape !== undefined) {
			endRun();
			shapes.push(shape);
		} else if (run && isSame(run.look, look)) {
			run.text += cell.char;
			run.cells += cell.width;
		} else {
			endRun();
			run = {text: cell.char, x, cells: cell.width, look};
		}
		column += cell.width;
	}
	endRun();
	endWide();
	endGround();
	return grounds.join('') + shapes.join('');
}

export const sizeOf = (screen: Screen) => ({
	width: Math.ceil(screen.columns * cellWidth + 2 * padding),
	height: Math.ceil(screen.rows.length * cellHeight + 2 * padding),
});

/** One row of the screen. */
export function svgRow(row: readonly Cell[], y: number, palette: Palette): string {
	return drawRow(row, padding + y * cellHeight, palette);
}

/** The inside of the picture, without the `<svg>` around it. */
export function svgBody(screen: Screen, palette: Palette): string {
	return screen.rows.map((row, y) => svgRow(row, y, palette)).join('\n');
}

export function svgDocument(body: string, screen: Screen, palette: Palette, title: string): string {
	const {width, height} = sizeOf(screen);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
		`<title>${escapeXml(title)}</title>`,
		`<rect width="${width}" height="${height}" rx="8" fill="${palette.background}"/>`,
		`<g font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${fontSize}">`,
		body,
		'</g>',
		'</svg>',
		'',
	].join('\n');
}
