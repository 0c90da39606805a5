import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

describeReal('a cluster of which one node has no memory left', () => {
	let cluster: RedisCluster;
	let prefixes = 0;

	beforeAll(async () => {
		cluster = await startRedisCluster();
	}, 40_000);
	afterAll(() => cluster.close());

	/** A cache without markers on the node, which it could not write. */
	const open = async (): Promise<{
		readonly cache: RedisCache;
		readonly keysOf: (isFull: boolean) => readonly string[];
	}> => {
		for (;;) {
			const prefix = `full${prefixes++}`;
			const cache = new RedisCache({url: cluster.url, prefix, deadline: '1s', memory: false});
			onTestFinished(() => cache.close());
			await cache.ready('10s');
			const isOnFull = (redisKey: string) =>
				cache.internals.parts.pool.nodeOf(redisKey)?.address.endsWith(`:${cluster.nodes[0]?.port}`) === true;
			if (isOnFull(`${prefix}:!{default}`)) continue;
			const keys = Array.from({length: 60}, (_, index) => `k${index}`);
			return {cache, keysOf: (isFull) => keys.filter((key) => isOnFull(`${prefix}:default:${key}`) === isFull)};
		}
	};

	it('stores the keys of the others', async () => {
		const {cache, keysOf} = await open();
		const [refused, kept] = [keysOf(true), keysOf(false)];
		await cache.set(kept[0] ?? '', 'old');
		await cluster.ask(0, 'config', 'set', 'maxmemory', '1');
		onTestFinished(async () => void (await cluster.ask(0, 'config', 'set', 'maxmemory', '0')));
		for (const [index, key] of refused.entries()) {
			expect(await cache.set(key, 'new')).toEqual({stored: 'memory'});
			expect(await cache.set(kept[index] ?? '', 'new')).toEqual({stored: 'redis'});
		}
		const {errors} = cache.stats().counters;
		expect(await cache.set(refused[0] ?? '', 'newer')).toEqual({stored: 'memory'});
		expect(cache.stats().counters.errors).toBe(errors);
		expect(cache.stats().nodes?.map(({mode}) => mode.mode)).toEqual(['connected', 'connected', 'connected']);
		await cluster.ask(0, 'config', 'set', 'maxmemory', '0');
		const isStored = async () => (await cache.set(refused[0] ?? '', 'newest')).stored === 'redis';
		await until(isStored, 'the node has room again');
	}, 30_000);

	it('takes the leases of keys of the others in one round trip with their reads', async () => {
		const {cache, keysOf} = await open();
		const [refused, kept] = [keysOf(true), keysOf(false)];
		// Misses, after which a miss is likely.
		for (const key of kept.slice(0, 20)) await cache.getOrSet(key, () => 'loaded');
		await cluster.ask(0, 'config', 'set', 'maxmemory', '1');
		onTestFinished(async () => void (await cluster.ask(0, 'config', 'set', 'maxmemory', '0')));
		const commandsOf = () => cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.commands, 0);
		const costOf = async (key: string) => {
			const before = commandsOf();
			expect(await cache.getOrSet(key, () => 'loaded')).toBe('loaded');
			return commandsOf() - before;
		};
		await cache.getOrSet(refused[0] ?? '', () => 'loaded');
		for (const key of kept.slice(20, 25)) expect(await costOf(key)).toBeLessThanOrEqual(2);
	}, 30_000);
});
