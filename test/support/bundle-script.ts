import {createHash} from 'node:crypto';
import {renameSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type BuildOptions, build} from 'esbuild';

/** Inside the repository, where bundles find the installed packages. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/redis-cache-tui/', import.meta.url));

const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a TypeScript file for a child process, and returns the path of the module. A start of the bundle takes a tenth
 * of the processor time of a start with tsx, which transforms each of its modules.
 *
 * The path of a script stays the same, so that the folder does not grow.
 */
export function bundleScript(script: URL): Promise<string> {
	const path = fileURLToPath(script);
	return bundleOnce(path, basename(path, '.ts'), {entryPoints: [path]});
}

/** As `bundleScript`, of code as it would stand in the file `importer`. The same code each time: it can read `process.env`. */
export function bundleCode(contents: string, importer: string): Promise<string> {
	const stdin = {contents, resolveDir: dirname(fileURLToPath(importer)), loader: 'ts'} as const;
	return bundleOnce(contents, basename(importer, '.test.ts'), {stdin});
}

function bundleOnce(id: string, name: string, options: BuildOptions): Promise<string> {
	const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
	const bundle = bundles.get(hash) ?? bundleTo(join(folder, `${name}-${hash}.mjs`), options);
	bundles.set(hash, bundle);
	return bundle;
}

async function bundleTo(outfile: string, options: BuildOptions): Promise<string> {
	const unfinished = `${outfile}.${process.pid}`;
	await build({
		...options,
		outfile: unfinished,
		bundle: true,
		// With its packages: to read and compile the hundred files of ioredis is a third of a start. One loads a native part.
		external: ['msgpackr'],
		banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
		platform: 'node',
		format: 'esm',
		target: 'node20',
		logLevel: 'error',
	});
	// Other workers may bundle or start the same script now.
	renameSync(unfinished, outfile);
	return outfile;
}
