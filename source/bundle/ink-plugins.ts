import {readFileSync} from 'node:fs';
import type {Plugin} from 'esbuild';
import {inkMemoryFor} from './ink-memory.js';

/** Ink imports React's developer tools where `DEV` is set. They are not part of this program. */
export const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup(bundler) {
		bundler.onResolve({filter: /^\.\/devtools\.js$/}, () => ({path: 'nothing', namespace: 'nothing'}));
		bundler.onLoad({filter: /^nothing$/, namespace: 'nothing'}, () => ({contents: ''}));
	},
};

/** Gives Ink the modules of `ink-memory.ts`. */
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
 * Yoga reads its WebAssembly from a data URL by `fetch`, for which Node.js loads its HTTP client: 30 ms of the start.
 * Where it finds no `fetch`, it decodes the URL itself.
 */
export const withoutFetchInYoga: Plugin = {
	name: 'without-fetch-in-yoga',
	setup(bundler) {
		bundler.onLoad({filter: /[\\/]yoga-wasm-base64-esm\.js$/}, ({path}) => ({
			contents: `const fetch = undefined;\n${readFileSync(path, 'utf8')}`,
		}));
	},
};
