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

/** All bundled code that names another file is in `dist/program/`. */
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
	// The `main` of jsonc-parser is a UMD module, whose `require` no bundler can follow.
	mainFields: ['module', 'main'],
	target: 'node20',
	// Node.js 20 has them. Turned into calls of `RegExp`, those of Ink would be compiled for each character of each frame.
	supported: {'regexp-unicode-property-escapes': true},
	jsx: 'automatic',
	minifySyntax: true,
	// A fifth less to install. Names stay, and lines short: Node.js prints the line of an error that nothing handles.
	minifyWhitespace: true,
	lineLimit: 160,
	legalComments: 'none',
	metafile: true,
	// The program has no use for prom-client; msgpackr works without its native part.
	external: [...Object.keys(dependencies), 'prom-client', 'msgpackr-extract'],
	// The development build of React is slower, and fills the performance timeline without end.
	define: {'process.env.NODE_ENV': '"production"'},
	plugins: [withBuiltUrls, withoutDeveloperTools, withInkMemory, withoutFetchInYoga],
	// Parts of React and all of ajv are CommonJS.
	banner: {
		js: "import {createRequire as createBundleRequire} from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
	},
} satisfies BuildOptions;

/**
 * Bundles the program with every package that only it needs, so that an application that wants the cache alone does not
 * install them, and so that a start loads a dozen files instead of some hundreds.
 *
 * @throws {Error} A replaced module of Ink is not used, or the Lua interpreter is not the expected one.
 */
export async function bundleProgram(folder: string): Promise<void> {
	const {metafile} = await build({...options, outdir: folder});
	const bundled = Object.values(metafile.outputs).flatMap(({inputs}) =>
		Object.entries(inputs).flatMap(([file, {bytesInOutput}]) => (bytesInOutput > 0 ? [file] : [])),
	);
	for (const [name, module] of Object.entries(inkMemory))
		if (!bundled.includes(module)) throw new Error(`Ink no longer imports ${name}: look at ${module} again`);

	// The WebAssembly of the Lua interpreter looks for its two files next to the code that loads it.
	const lua = dirname(fileURLToPath(import.meta.resolve('lua-redis-wasm')));
	cpSync(join(lua, 'redis_lua.mjs'), join(folder, 'program', 'redis_lua.mjs'));
	const module = withLargerMemory(readFileSync(join(lua, 'redis_lua.wasm')));
	writeFileSync(join(folder, 'program', 'redis_lua.wasm'), module);
	for (const [source, place] of Object.entries(dataFiles))
		if (source.startsWith('source/')) cpSync(join(root, source), join(folder, place), {recursive: true});
	writeFileSync(join(folder, 'program', 'third-party-licenses.txt'), thirdPartyLicenses(root, bundled));
}
