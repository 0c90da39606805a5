import {readFileSync} from 'node:fs';
import type {Plugin} from 'esbuild';
import {inkMemoryFor} from './ink-memory.js';

/** Leaves out React's developer tools, which Ink imports if `DEV` is set. */
export const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup(bundler) {
		bundler.onResolve({filter: /^\.\/devtools\.js$/}, () => ({path: 'nothing', namespace: 'nothing'}));
		bundler.onLoad({filter: /^nothing$/, namespace: 'nothing'}, () => ({contents: ''}));
	},
};

/** Replaces imports of Ink by the memoized modules of `ink-memory.ts`. */
export const withInkMemory: Plugin = {
	name: 'with-ink-memory',
	setup(bundler) {
		bundler.onResolve({filter: /^[^.]/}, ({path, importer}) => {
			const module = inkMemoryFor(path, importer);
			return module === undefined ? undefined : {path: module};
		});
	},
};

/**
 * Hides `fetch` from Yoga. Yoga reads its WebAssembly from a data URL with `fetch`, for which Node.js loads its HTTP client,
 * which takes 30 ms of the start. Without `fetch`, Yoga decodes the URL itself.
 */
export const withoutFetchInYoga: Plugin = {
	name: 'without-fetch-in-yoga',
	setup(bundler) {
		bundler.onLoad({filter: /[\\/]yoga-wasm-base64-esm\.js$/}, ({path}) => ({
			contents: `const fetch = undefined;\n${readFileSync(path, 'utf8')}`,
		}));
	},
};
