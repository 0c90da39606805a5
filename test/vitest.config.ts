import {defineConfig} from 'vitest/config';
import {replaceUrls} from '../source/bundle/entry-points.js';

const root = new URL('../', import.meta.url);

/** Tests import the TypeScript sources, but worker threads and child processes can only run what `npm run build` made. */
const withBuiltUrls = {
	name: 'with-built-urls',
	transform(code: string, id: string): string | undefined {
		const [file = ''] = id.split('?');
		if (!file.startsWith(`${root.pathname}source/`) || !code.includes('import.meta.url')) return undefined;
		return replaceUrls(code, file, (place) => `new URL('${new URL(`dist/${place}`, root)}')`);
	},
};

export default defineConfig({
	plugins: [withBuiltUrls],
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
		env: {NODE_ENV: 'production', CI: ''},
	},
});
