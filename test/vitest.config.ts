import {pathToFileURL} from 'node:url';
import {defineConfig} from 'vitest/config';

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

export default defineConfig({
	plugins: [builtEntries],
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
		// Tests that run at the same time start programs, which share a few processors.
		maxConcurrency: 3,
		env: {NODE_ENV: 'production', CI: ''},
	},
});
