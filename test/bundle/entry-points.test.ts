import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {dataFiles, entryPoints, replaceUrls} from '../../source/bundle/entry-points.js';

const root = new URL('../../', import.meta.url);
const file = fileURLToPath(new URL('source/engine/start-engine.ts', root));
const toUrl = (place: string) => `at(${place})`;

it.each([...Object.keys(entryPoints), ...Object.keys(dataFiles)])('%s exists', (path) => {
	expect(existsSync(new URL(path, root))).toBe(true);
});

it('replaces a source file that is started by its path by the built file', () => {
	expect(replaceUrls("new Worker(new URL('./worker.js', import.meta.url), {})", file, toUrl)).toBe(
		'new Worker(at(program/engine-worker.js), {})',
	);
});

it('reads paths with the separators of Windows', () => {
	expect(replaceUrls("new URL('./worker.js', import.meta.url)", file.replaceAll('/', '\\'), toUrl)).toBe(
		'at(program/engine-worker.js)',
	);
});

it('replaces a folder of data by its place in the package', () => {
	expect(replaceUrls("new URL('../drills/library/', import.meta.url)", file, toUrl)).toBe('at(drills/library/)');
});

it('refuses a file that is not listed, since it would be missing in the package', () => {
	expect(() => replaceUrls("new URL('./engine.js', import.meta.url)", file, toUrl)).toThrow(
		/reads \.\/engine\.js: add it to source\/bundle\/entry-points\.ts/,
	);
});
