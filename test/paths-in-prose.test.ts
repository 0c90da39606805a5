import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

const filesBelow = (folder: string): readonly string[] =>
	readdirSync(`${root}${folder}`, {recursive: true, encoding: 'utf8'}).map(
		(path) => `/${folder}/${path.replaceAll('\\', '/')}`,
	);

const sources = ['source', 'test', 'media/source'].flatMap(filesBelow).filter((path) => /\.tsx?$/.test(path));
const notes = ['/CONTRIBUTING.md', '/README.md', ...filesBelow('notes').filter((path) => path.endsWith('.md'))];

/** The comments of a source file: what follows `//`, or `*` at the start of a line. */
const commentsOf = (code: string): string => code.match(/(?<=^|\s)(?:\/\/|\/\*\*|\*) .*$/gm)?.join('\n') ?? '';

it.each(['comments', 'notes'])('all source files that %s name exist', (place) => {
	const texts = place === 'notes' ? notes : sources;
	const missing = texts.flatMap((path) => {
		const text = readFileSync(`${root}${path}`, 'utf8');
		const named = (place === 'notes' ? text : commentsOf(text)).match(/(?<![\w./-])(?:[\w-]+\/)*[\w-]+\.tsx?\b/g) ?? [];
		return named
			.filter((name) => !sources.some((source) => source.endsWith(`/${name}`)))
			.map((name) => `${path}: ${name}`);
	});
	expect(missing).toEqual([]);
});
