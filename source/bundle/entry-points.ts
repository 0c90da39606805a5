import {posix} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = withSlashes(fileURLToPath(new URL('../../', import.meta.url)));

/** Sources that run as a program, a worker thread or a child process, with their bundles, relative to `dist/`. */
export const entryPoints = {
	'source/cli.ts': 'cli.js',
	'source/engine/worker.ts': 'program/engine-worker.js',
	'source/drills/lateness/event-loop-lag-worker.ts': 'program/event-loop-lag-worker.js',
	'source/drills/subject/process/subject-main.ts': 'program/subject.js',
	'source/embedded/guard/main.ts': 'program/guard.js',
	'source/embedded/built-in/main.ts': 'program/built-in-server.js',
	// Imported by tests of applications.
	'source/testing/testing.ts': 'program/testing.js',
	// Started by child processes of tests, and not by the program.
	'source/embedded/start-private-redis.ts': 'program/start-private-redis.js',
} as const;

/** Files and folders that the program reads while it runs, with their paths relative to `dist/`. */
export const dataFiles = {
	'source/drills/library/': 'drills/library/',
	'source/drills/drill.schema.json': 'drills/drill.schema.json',
	'package.json': '../package.json',
} as const;

const places: ReadonlyMap<string, string> = new Map([...Object.entries(entryPoints), ...Object.entries(dataFiles)]);

/**
 * Replaces `new URL('./worker.js', import.meta.url)`, by which sources refer to other files, by an expression for the path of
 * the built file.
 *
 * @param toUrl Returns the new expression for a path relative to `dist/`.
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

/** Replaces the backslashes of Windows paths, since the tables above have slashes. */
function withSlashes(path: string): string {
	return path.replaceAll('\\', '/');
}
