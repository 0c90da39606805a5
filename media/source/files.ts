import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Screen} from './cells.js';
import {type Palette, svgBody, svgDocument} from './svg.js';

const folder = fileURLToPath(new URL('../', import.meta.url));

export function writeSvg(name: string, document: string): string {
	mkdirSync(folder, {recursive: true});
	const file = `${folder}${name}.svg`;
	writeFileSync(file, document);
	return file;
}

/** A still as SVG and, with rsvg-convert (Debian: librsvg2-bin, fonts-dejavu-core), as PNG. */
export function writeStill(name: string, screen: Screen, palette: Palette, title: string): void {
	const file = writeSvg(name, svgDocument(svgBody(screen, palette), screen, palette, title));
	execFileSync('rsvg-convert', ['--output', `${folder}${name}.png`, file]);
}
