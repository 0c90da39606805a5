import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const filesBelow = (folder: string): readonly string[] =>
	readdirSync(`${root}${folder}`, {recursive: true, encoding: 'utf8'})
		.map((path) => `/${folder}/${path.replaceAll('\\', '/')}`)
		.filter((path) => !path.includes('/node_modules/'));

const sources = ['source', 'test', 'media/source'].flatMap(filesBelow).filter((path) => /\.tsx?$/.test(path));
const notes = ['/CONTRIBUTING.md', '/README.md', ...filesBelow('notes').filter((path) => path.endsWith('.md'))];

/** The comments of a source file: what follows `//`, or `*` at the start of a line. */
const commentsOf = (code: string): string => code.match(/(?<=^|\s)(?:\/\/|\/\*\*|\*) .*$/gm)?.join('\n') ?? '';

it.each(['comments', 'notes'])('all source files that %s name exist', (place) => {
	const texts = place === 'notes' ? notes : sources;
	const missing = texts.flatMap((path) => {
		const text = readFileSync(`${root}${path}`, 'utf8');
		const named =
			(place === 'notes' ? text : commentsOf(text)).match(/(?<![\w./-])(?:[\w-]+\/)*[\w-]+(?:\.test)?\.tsx?\b/g) ?? [];
		return named
			.filter((name) => !sources.some((source) => source.endsWith(`/${name}`)))
			.map((name) => `${path}: ${name}`);
	});
	expect(missing).toEqual([]);
});

it('every name that CONTRIBUTING.md gives after a file is in that file', () => {
	const text = readFileSync(`${root}CONTRIBUTING.md`, 'utf8');
	const named = [...text.matchAll(/`((?:[\w-]+\/)*[\w-]+\.tsx?)`(?:, | \()`#?([\w.]+)`/g)];
	expect(named.length).toBeGreaterThan(20);
	const missing = named.filter(([, file, name = '']) => {
		const paths = sources.filter((source) => source.endsWith(`/${file}`));
		const last = name.split('.').at(-1) ?? '';
		return !paths.some((path) => readFileSync(`${root}${path}`, 'utf8').includes(last));
	});
	expect(missing.map(([match]) => match)).toEqual([]);
});

it('every folder that CONTRIBUTING.md names exists', () => {
	const text = readFileSync(`${root}CONTRIBUTING.md`, 'utf8');
	const folders = new Set(sources.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
	const known = (name: string) =>
		existsSync(`${root}${name}`) || [...folders].some((folder) => folder.includes(`/${name}`));
	const named = [...text.matchAll(/`((?:[a-z-]+\/)+)`/g)].map(([, name = '']) => name);
	expect(named.filter((name) => !known(name) && !['docs/', 'dist/'].includes(name))).toEqual([]);
});
