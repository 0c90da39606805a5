import {readFileSync} from 'node:fs';
import type {Plugin} from 'esbuild';

/** Ink imports React's developer tools where `DEV` is set. They are not part of this program. */
export const withoutDeveloperTools: Plugin = {
	name: 'without-developer-tools',
	setup(bundler) {
		bundler.onResolve({filter: /^\.\/devtools\.js$/}, () => ({path: 'nothing', namespace: 'nothing'}));
		bundler.onLoad({filter: /^nothing$/, namespace: 'nothing'}, () => ({contents: ''}));
	},
};

/**
 * Ink parses each line of a frame character by character, and its cache of parsed lines lives for one frame, although
 * most lines are the same in the next one: that is half of the cost of a frame. This keeps the cache for 256 frames.
 */
export const withLineCache: Plugin = {
	name: 'with-line-cache',
	setup(bundler) {
		bundler.onLoad({filter: /[\\/]ink[\\/]build[\\/]output\.js$/}, ({path}) => {
			const code = readFileSync(path, 'utf8');
			const perFrame = 'caches = new OutputCaches();';
			if (!code.includes(perFrame)) throw new Error(`Ink has changed: ${path} no longer has "${perFrame}"`);
			const shared = `
let sharedCaches;
let frames = 0;
function cachesOfFrame() {
	if (frames++ % 256 === 0) sharedCaches = new OutputCaches();
	return sharedCaches;
}`;
			return {contents: code.replace(perFrame, 'caches = cachesOfFrame();') + shared, loader: 'js'};
		});
	},
};
