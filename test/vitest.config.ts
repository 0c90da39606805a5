import {readFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import {defineConfig} from 'vitest/config';
import {BaseSequencer, type TestSpecification} from 'vitest/node';
import {replaceUrls} from '../source/bundle/entry-points.js';
import {inkMemoryFor} from '../source/bundle/ink-memory.js';
import {timeLimits} from './support/time-limits.js';

const root = new URL('../', import.meta.url);

/**
 * Tests import the TypeScript sources, but worker threads and child processes can only run what `npm run build` made.
 */
const withBuiltUrls = {
	name: 'with-built-urls',
	transform(code: string, id: string): string | undefined {
		const [file = ''] = id.split('?');
		if (!file.startsWith(`${root.pathname}source/`) || file.includes('/source/bundle/')) return undefined;
		return replaceUrls(code, file, (place) => `new URL('${new URL(`dist/${place}`, root)}')`);
	},
};

/** The files that take longest, longest first. They start first, so that none of them runs alone at the end. */
const longFiles = [
	'cache/model',
	'faults/cache-under-faults',
	'ui/gallery/gallery',
	'cache/outage/restricted-users',
	'cache/outage/lost-node',
	'ui/views/overview',
	'cache/load/lease/leases',
	'cache/outage/large-answers',
	'cache/outage/blocked-loop',
	'cache/write/order-of-calls',
	'engine/start-engine',
	'drills/drill-runner',
	'program/soak',
	'topologies/drills',
	'topologies/cluster-coherence',
	'topologies/nodes',
	'topologies/failover-auto',
	'topologies/tap-cluster',
];

class LongFilesFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const rankOf = ({moduleId}: TestSpecification): number => {
			const rank = longFiles.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
			return rank < 0 ? longFiles.length : rank;
		};
		return (await super.sort(files)).sort((left, right) => rankOf(left) - rankOf(right));
	}
}

const limits = timeLimits(30_000);

/** Ink draws with the same replaced modules as in the program. */
const inkWithMemory = {
	name: 'ink-with-memory',
	enforce: 'pre',
	resolveId: inkMemoryFor,
	/** Ink's source maps name files that its package does not contain: Vite would print a warning for each. */
	load(id: string): string | undefined {
		const [file = ''] = id.split('?');
		if (!/[\\/]ink[\\/]build[\\/].*\.js$/.test(file)) return undefined;
		return readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
	},
} as const;

export default defineConfig({
	plugins: [withBuiltUrls, inkWithMemory],
	// The development form of JSX needs the development build of React, which NODE_ENV below rules out.
	oxc: {jsx: {runtime: 'automatic', development: false}},
	test: {
		root: root.pathname,
		include: ['test/**/*.test.{ts,tsx}'],
		// They have configurations of their own.
		exclude: ['packed', 'program', 'applications', 'integrations', 'topologies'].map((folder) => `test/${folder}/**`),
		globalSetup: 'test/support/announce-real-redis.ts',
		...limits,
		teardownTimeout: 5000,
		// Most tests wait: for a deadline, an outage, a terminal. So there are more workers than processors.
		maxWorkers: availableParallelism() + 2,
		// Tests that run at the same time start programs, which share a few processors.
		maxConcurrency: 3,
		// The files that a worker runs share their modules: importing them anew for each was a third of the processor time.
		isolate: false,
		// Room for what lives as long as a frame or a call: collecting it more often took a twentieth of the processor time.
		execArgv: ['--max-semi-space-size=32', '--min-semi-space-size=16'],
		sequence: {sequencer: LongFilesFirst},
		server: {deps: {inline: [/[\\/]node_modules[\\/]ink[\\/]/]}},
		// Keys that tests delete are saved there, and not among the files of the person who runs them.
		env: {...limits.env, NODE_ENV: 'production', CI: '', XDG_DATA_HOME: join(tmpdir(), 'redis-cache-tui-test-data')},
	},
});
