import {pathToFileURL} from 'node:url';
import {defineConfig} from 'vitest/config';
import {inkMemoryFor} from '../source/bundle/ink-memory.js';

const root = new URL('../', import.meta.url);

/**
 * Tests import the TypeScript sources, but worker threads and child processes can only run what `npm run build` made.
 * So `new URL('./entry.js', import.meta.url)` in a source file points to that file's place in dist/.
 */
const builtEntries = {
	name: 'built-entries',
	transform(code: string, id: string): string | undefined {
		const file = pathToFileURL(id).href;
		const source = new URL('source/', root).href;
		if (!file.startsWith(source) || !code.includes('import.meta.url')) return undefined;
		const built = new URL('dist/', root).href + file.slice(source.length).replace(/\.tsx?$/, '.js');
		return code.replaceAll(/new URL\((['"]\.{1,2}\/[^'"]+\.js['"]), import\.meta\.url\)/g, `new URL($1, '${built}')`);
	},
};

/** Tests draw with the modules that the program draws with: a third of the time of the tests of the screen. */
const inkWithMemory = {
	name: 'ink-with-memory',
	enforce: 'pre',
	resolveId: inkMemoryFor,
} as const;

export default defineConfig({
	plugins: [builtEntries, inkWithMemory],
	// The development form of JSX needs the development build of React, which NODE_ENV below rules out.
	oxc: {jsx: {runtime: 'automatic', development: false}},
	test: {
		root: root.pathname,
		include: ['test/**/*.test.{ts,tsx}'],
		globalSetup: 'test/support/announce-real-redis.ts',
		testTimeout: 30_000,
		hookTimeout: 30_000,
		teardownTimeout: 5000,
		maxWorkers: 2,
		server: {deps: {inline: [/[\\/]node_modules[\\/]ink[\\/]/]}},
		env: {NODE_ENV: 'production', CI: ''},
	},
});
