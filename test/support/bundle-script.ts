import {createHash} from 'node:crypto';
import {renameSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type BuildOptions, build} from 'esbuild';

/** In the repository, so that bundles can import installed packages. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/redis-cache-tui/', import.meta.url));

const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a TypeScript file for a child process, and returns the path of the module. Starting the bundle takes a tenth of the
 * processor time of tsx, which transforms each module.
 *
 * The path for a script is always the same, so that the folder does not grow.
 */
export function bundleScript(script: URL): Promise<string> {
	const path = fileURLToPath(script);
	return bundleOnce(path, basename(path, '.ts'), {entryPoints: [path]});
}

/**
 * Like `bundleScript`, for code that is resolved as if it were in the file `importer`. For parameters, use `process.env`, so
 * that the code is the same each time.
 */
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
		// Packages are bundled, since loading the hundred files of ioredis takes a third of a start. msgpackr loads a native
		// addon.
		external: ['msgpackr'],
		banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
		platform: 'node',
		format: 'esm',
		target: 'node20',
		logLevel: 'error',
	});
	// Renamed atomically, since other workers may bundle or start the same script at the same time.
	renameSync(unfinished, outfile);
	return outfile;
}
