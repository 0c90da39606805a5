import {cpSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type BuildOptions, build, type Plugin} from 'esbuild';
import {dataFiles, entryPoints, replaceUrls} from './entry-points.js';
import {inkMemory} from './ink-memory.js';
import {withInkMemory, withoutDeveloperTools, withoutFetchInYoga} from './ink-plugins.js';
import {thirdPartyLicenses} from './licenses.js';
import {withLargerMemory} from './lua-memory.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const {dependencies} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {dependencies: object};

/** Resolves URLs of entry points and data files relative to `dist/program/`, where all code that uses such URLs is bundled. */
const withBuiltUrls: Plugin = {
	name: 'with-built-urls',
	setup(bundler) {
		bundler.onLoad({filter: /[\\/]source[\\/].*\.tsx?$/}, ({path}) => {
			const code = readFileSync(path, 'utf8');
			if (!code.includes('import.meta.url')) return undefined;
			const toUrl = (place: string) => `new URL('../${place}', import.meta.url)`;
			return {contents: replaceUrls(code, path, toUrl), loader: path.endsWith('x') ? 'tsx' : 'ts'};
		});
	},
};

const options = {
	absWorkingDir: root,
	entryPoints: Object.entries(entryPoints).map(([source, out]) => ({in: source, out: out.replace(/\.js$/, '')})),
	chunkNames: 'program/[name]-[hash]',
	bundle: true,
	splitting: true,
	platform: 'node',
	format: 'esm',
	// The `main` of jsonc-parser is a UMD module, whose calls of `require` bundlers cannot resolve.
	mainFields: ['module', 'main'],
	target: 'node20',
	// Node.js supports them natively. Otherwise esbuild turns literals into calls of `RegExp`, which Ink would run for each
	// character of each frame.
	supported: {'regexp-unicode-property-escapes': true},
	jsx: 'automatic',
	minifySyntax: true,
	// Saves a fifth of the size. Names are kept, and lines are short, since Node.js prints the source line of an uncaught error.
	minifyWhitespace: true,
	lineLimit: 160,
	legalComments: 'none',
	metafile: true,
	// The program does not use prom-client, and msgpackr works without its native addon.
	external: [...Object.keys(dependencies), 'prom-client', 'msgpackr-extract'],
	// The development build of React is slower, and adds entries to the performance timeline without limit.
	define: {'process.env.NODE_ENV': '"production"'},
	plugins: [withBuiltUrls, withoutDeveloperTools, withInkMemory, withoutFetchInYoga],
	// Provides `require` for CommonJS code: parts of React, and ajv.
	banner: {
		js: "import {createRequire as createBundleRequire} from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
	},
} satisfies BuildOptions;

/**
 * Bundles the program with all packages that only the program needs, so that an application that uses only the cache does not
 * install them, and that a start loads a dozen files instead of hundreds.
 *
 * @throws {Error} Ink does not import a module that is to be replaced, or the Lua interpreter has another version than expected.
 */
export async function bundleProgram(folder: string): Promise<void> {
	const {metafile} = await build({...options, outdir: folder});
	const bundled = Object.values(metafile.outputs).flatMap(({inputs}) =>
		Object.entries(inputs).flatMap(([file, {bytesInOutput}]) => (bytesInOutput > 0 ? [file] : [])),
	);
	for (const [name, module] of Object.entries(inkMemory))
		if (!bundled.includes(module)) throw new Error(`Ink no longer imports ${name}: look at ${module} again`);

	// The Lua interpreter loads its two files from the folder of the code that imports it.
	const lua = dirname(fileURLToPath(import.meta.resolve('lua-redis-wasm')));
	cpSync(join(lua, 'redis_lua.mjs'), join(folder, 'program', 'redis_lua.mjs'));
	const module = withLargerMemory(readFileSync(join(lua, 'redis_lua.wasm')));
	writeFileSync(join(folder, 'program', 'redis_lua.wasm'), module);
	for (const [source, place] of Object.entries(dataFiles))
		if (source.startsWith('source/')) cpSync(join(root, source), join(folder, place), {recursive: true});
	writeFileSync(join(folder, 'program', 'third-party-licenses.txt'), thirdPartyLicenses(root, bundled));
}
