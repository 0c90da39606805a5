import {RedisCache} from '../../source/cache/redis-cache.js';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {type Standing, table} from './rounds.js';

const rounds = 7;

const standing = (name: string, values: readonly number[]): Standing => {
	const sorted = [...values].sort((a, b) => a - b);
	return {
		name,
		median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
		min: sorted[0] ?? Number.NaN,
		max: sorted.at(-1) ?? Number.NaN,
	};
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
	const begin = performance.now();
	await work();
	return performance.now() - begin;
};

/** Measures a black hole: the first call, the calls after it, and the recovery. */
export async function run(): Promise<void> {
	const redis = await startRedisProcess();
	const first: number[] = [];
	const later: number[] = [];
	const recovery: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
		const cache = new RedisCache({url: `redis://${proxy.host}:${proxy.port}`});
		await cache.ready();
		await Promise.all(Array.from({length: 500}, (_, index) => cache.set(`key:${index}`, index)));
		proxy.add({kind: 'blackhole'});
		first.push(await timed(() => cache.get('somewhere-else')));
		await until(async () => {
			await Promise.all(Array.from({length: 10}, (_, index) => cache.set(`key:${index}`, round)));
			return cache.stats().mode.mode === 'fallback';
		}, 'the mode is fallback');
		const durations: number[] = [];
		for (let call = 0; call < 1000; call++)
			durations.push(
				await timed(() => (call % 4 === 0 ? cache.set(`key:${call % 500}`, call) : cache.get(`key:${call}`))),
			);
		durations.sort((a, b) => a - b);
		later.push(durations[Math.floor(durations.length * 0.99)] ?? Number.NaN);
		proxy.heal();
		recovery.push(
			await timed(() => until(() => cache.stats().mode.mode === 'connected', 'it is connected', {everyMs: 1})),
		);
		await cache.close();
		await proxy.close();
	}
	const standings = [
		standing('first call (deadline 200 ms)', first),
		standing('later calls, p99', later),
		standing('heal until connected', recovery),
	];
	process.stdout.write(`${table('Black hole', standings, 'ms').replaceAll(/ \| [^|]+ \|$/gm, ' |')}\n`);
	await redis.close();
}
