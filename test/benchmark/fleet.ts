import {Redis} from 'ioredis';
import {type Child, startChild} from '../support/child.js';
import {startRedisProcess} from '../support/redis-process.js';
import type {Counts, Opening, Traffic} from './fleet/process.js';
import type {BenchmarkOptions} from './options.js';
import {type Row, rowTable} from './row-table.js';

/** Calls a second of all caches together, however many there are. */
const rate = 3000;
const measuredMs = 5000;
/** Caches in one child process. To Redis each is a process of its own: its connections are its own. */
const perChild = 10;
const fleets = [1, 3, 10, 30, 100];

type Usage = {readonly micros: number; readonly bytesOut: number};

/**
 * Measures what an operation costs Redis while more and more processes share the same traffic: their invalidations multiply.
 * Processor time of Redis, so a busy machine disturbs it little.
 */
export async function run({keys = 2000, caches: most = 100, coherence}: BenchmarkOptions): Promise<void> {
	// Each child adds a listener for the end of this process.
	process.setMaxListeners(most / perChild + 20);
	for (const kind of ['mixed', 'misses'] as const) {
		const rows: Row[] = [];
		for (const count of fleets.filter((each) => each <= most)) rows.push(await measure({kind, count, keys, coherence}));
		const what =
			kind === 'mixed' ? `gets, and a tenth of them sets, of ${keys} keys` : '`getOrSet` of keys that are missing';
		const columns = [
			'processes',
			'calls/s',
			'Redis, µs a call',
			'bytes from Redis a call',
			'hits in memory, %',
			'failed',
		];
		process.stdout.write(rowTable(`${what}; coherence: ${coherence ?? 'default'}`, columns, rows));
	}
}

async function measure({
	kind,
	count,
	keys,
	coherence,
}: {
	readonly kind: Traffic['kind'];
	readonly count: number;
	readonly keys: number;
	readonly coherence: string | undefined;
}): Promise<Row> {
	const redis = await startRedisProcess();
	const raw = new Redis(redis.url);
	const children: Child[] = [];
	try {
		for (let left = count; left > 0; left -= perChild) {
			const child = await startChild(new URL('./fleet/process.ts', import.meta.url));
			children.push(child);
			const opening: Opening = {url: redis.url, caches: Math.min(left, perChild), coherence: coherence ?? null};
			await child.call('open', opening);
		}
		await children[0]?.call('fill', {keys});
		const runAll = (ms: number) =>
			Promise.all(children.map((child) => child.call<Counts>('run', {kind, rate: rate / children.length, ms, keys})));
		// Fills memory, and lets Node.js compile.
		await runAll(measuredMs / 2);
		const before = await usage(raw);
		const beganAt = performance.now();
		const counts = await runAll(measuredMs);
		const seconds = (performance.now() - beganAt) / 1000;
		const after = await usage(raw);
		const sum = (field: keyof Counts) => counts.reduce((total, each) => total + each[field], 0);
		const calls = sum('calls');
		const reads = sum('hitsMemory') + sum('hitsRedis') + sum('misses');
		return [
			String(count),
			calls / seconds,
			(after.micros - before.micros) / calls,
			(after.bytesOut - before.bytesOut) / calls,
			(100 * sum('hitsMemory')) / reads,
			sum('failed'),
		];
	} finally {
		await Promise.all(children.map((child) => child.kill()));
		raw.disconnect();
		await redis.close();
	}
}

async function usage(raw: Redis): Promise<Usage> {
	const info = `${await raw.info('cpu')}${await raw.info('stats')}`;
	const field = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
	return {
		micros: (field('used_cpu_user') + field('used_cpu_sys')) * 1e6,
		bytesOut: field('total_net_output_bytes'),
	};
}
