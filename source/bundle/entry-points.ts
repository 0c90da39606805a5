import {posix} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = withSlashes(fileURLToPath(new URL('../../', import.meta.url)));

/** Sources that run as a program, a worker thread or a child process, and the files below `dist/` that they become. */
export const entryPoints = {
	'source/cli.ts': 'cli.js',
	'source/engine/worker.ts': 'program/engine-worker.js',
	'source/drills/lateness/event-loop-lag-worker.ts': 'program/event-loop-lag-worker.js',
	'source/drills/subject/process/subject-main.ts': 'program/subject.js',
	'source/embedded/guard/main.ts': 'program/guard.js',
	'source/embedded/built-in/main.ts': 'program/built-in-server.js',
	// Imported by tests of applications.
	'source/testing/testing.ts': 'program/testing.js',
	// Not started by the program: tests start it from processes of their own.
	'source/embedded/start-private-redis.ts': 'program/start-private-redis.js',
} as const;

/** Files and folders that are read while the program runs, and their places below `dist/`. */
export const dataFiles = {
	'source/drills/library/': 'drills/library/',
	'source/drills/drill.schema.json': 'drills/drill.schema.json',
	'package.json': '../package.json',
} as const;

const places: ReadonlyMap<string, string> = new Map([...Object.entries(entryPoints), ...Object.entries(dataFiles)]);

/**
 * Sources name each other by `new URL('./worker.js', import.meta.url)`, as if nothing were bundled. This replaces such
 * an expression by the place of the built file.
 *
 * @param toUrl Makes the new expression from a path below `dist/`.
 * @throws {Error} the file is neither an entry point nor a data file.
 */
export function replaceUrls(code: string, file: string, toUrl: (place: string) => string): string {
	const folder = posix.dirname(posix.relative(root, withSlashes(file)));
	return code.replaceAll(/new URL\((['"])(\.{1,2}\/[^'"]+)\1, import\.meta\.url\)/g, (_, _quote, path: string) => {
		const source = posix.join(folder, path).replace(/\.js$/, '.ts');
		const place = places.get(source);
		if (place === undefined) throw new Error(`${file} reads ${path}: add it to source/bundle/entry-points.ts`);
		return toUrl(place);
	});
}

/** Paths of Windows, written as the tables above have them. */
function withSlashes(path: string): string {
	return path.replaceAll('\\', '/');
}
