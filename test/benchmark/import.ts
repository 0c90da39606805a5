import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {quantile} from './budget.js';
import type {BenchmarkOptions} from './options.js';
import {rowTable} from './row-table.js';

const execute = promisify(execFile);
const root = new URL('../../', import.meta.url);
const built = (path: string): string => String(new URL(`dist/${path}`, root));

/** Modules that an application imports at its start: the built library, and what others import for the same work. */
const imports: Readonly<Record<string, readonly string[]>> = {
	'redis-cache-tui': [built('index.js')],
	'redis-cache-tui/keyv': [built('adapters/keyv-store.js')],
	ioredis: ['ioredis'],
	redis: ['redis'],
	'bentocache, with its Redis driver': ['bentocache', 'bentocache/drivers/redis'],
	'cacheable and @keyv/redis': ['cacheable', '@keyv/redis'],
};

type Cost = {readonly ms: number; readonly cpuMs: number; readonly megabytes: number};

/** A new process imports them, and tells how long that took and by how much its memory has grown. */
async function measure(specifiers: readonly string[]): Promise<Cost> {
	const script = `
		globalThis.gc();
		const memory = process.memoryUsage.rss();
		const cpu = process.cpuUsage();
		const begin = performance.now();
		for (const name of ${JSON.stringify(specifiers)}) await import(name);
		const ms = performance.now() - begin;
		const {user, system} = process.cpuUsage(cpu);
		const cpuMs = (user + system) / 1000;
		globalThis.gc();
		process.stdout.write(JSON.stringify({ms, cpuMs, megabytes: (process.memoryUsage.rss() - memory) / 1e6}));`;
	const {stdout} = await execute(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {cwd: root});
	return JSON.parse(stdout);
}

/** Measures what an import costs, in rounds, so that a slow minute of the machine hits all. The first round is a warm-up. */
export async function run({rounds = 15}: BenchmarkOptions): Promise<void> {
	const costs = new Map<string, Cost[]>(Object.keys(imports).map((name) => [name, []]));
	for (let round = 0; round <= rounds; round++)
		for (const [name, specifiers] of Object.entries(imports)) {
			const cost = await measure(specifiers);
			if (round > 0) costs.get(name)?.push(cost);
		}
	const rows = [...costs].map(([name, all]) => {
		const median = (of: keyof Cost) =>
			quantile(
				all.map((cost) => cost[of]),
				0.5,
			);
		return [name, median('ms'), median('cpuMs'), median('megabytes')] as const;
	});
	const columns = ['import', 'ms', 'ms of processor time', 'MB of memory'];
	process.stdout.write(rowTable('What an import costs', columns, rows));
}
