import {readdirSync, readFileSync} from 'node:fs';
import {root} from './pages.js';

/** A file that a test runs, and that the guide shows. */
export type TestedFile = {
	readonly path: string;
	readonly language: 'ts' | 'js';
	/** Its text as an application would have it. */
	readonly shown: string;
};

/** Modules by the names under which an application imports them. */
const published: readonly (readonly [path: string, name: string])[] = [
	['../../../source/index.js', 'redis-cache-tui'],
	['../../../source/open-telemetry/instrument.js', 'redis-cache-tui/opentelemetry'],
	['../../../source/adapters/keyv-store.js', 'redis-cache-tui/keyv'],
];

/** The import of what stands for the database of an application. */
const databaseImport = /^import .*'(?:\.|\.\.\/\.\.\/cache\/recipes)\/database\.js';\n/m;

function asInApplication(text: string): string {
	let shown = text.replace(databaseImport, '');
	for (const [path, name] of published) shown = shown.replaceAll(path, name);
	return shown;
}

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const sourcesIn = (folder: string): readonly TestedFile[] =>
	readdirSync(new URL(folder, root))
		.filter((name) => name.endsWith('.ts') && name !== 'database.ts')
		.map((name) => ({path: `${folder}${name}`, language: 'ts', shown: asInApplication(read(`${folder}${name}`))}));

/** A file whose name matters to those who copy it, so that it is shown above it. */
const named = (folder: string, name: string): TestedFile => ({
	path: `${folder}${name}`,
	language: 'js',
	shown: `// ${name}\n${read(`${folder}${name}`)}`,
});

const script = (path: string): TestedFile => ({path, language: 'js', shown: read(path)});

const next = 'test/integrations/next-application/';

/** Files that are shown whole. */
export const testedFiles: readonly TestedFile[] = [
	...sourcesIn('test/cache/recipes/'),
	...sourcesIn('test/adapters/migration/'),
	...sourcesIn('test/integrations/applications/'),
	...['cache-handler.mjs', 'use-cache-handler.mjs', 'next.config.mjs'].map((name) => named(next, name)),
	script('media/subjects/cacheable.mjs'),
	script('test/packed/consumer/drill.vitest.mjs'),
];

const shop = 'media/examples/test-your-cache/';

/** Files of which parts are shown, without their indentation. */
export const excerptedFiles: readonly string[] = readdirSync(new URL(shop, root))
	.filter((name) => name.endsWith('.mjs'))
	.map((name) => read(`${shop}${name}`));
