import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Screen} from './cells.js';
import {type Palette, svgBody, svgDocument} from './svg.js';

const folder = fileURLToPath(new URL('../', import.meta.url));

/** @param name Path below `media/`, without `.svg`. */
export function writeSvg(name: string, document: string): string {
	const file = `${folder}${name}.svg`;
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, document);
	return file;
}

/** A still as SVG and, with rsvg-convert (Debian: librsvg2-bin, fonts-dejavu-core), as PNG. */
export function writeStill(name: string, screen: Screen, palette: Palette, title: string): void {
	const file = writeSvg(name, svgDocument(svgBody(screen, palette), screen, palette, title));
	execFileSync('rsvg-convert', ['--output', `${folder}${name}.png`, file]);
}
