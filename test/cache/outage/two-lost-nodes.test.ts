import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster, whileNodesAreFrozen} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

describeReal('a cluster that loses two nodes of which one comes back', () => {
	let cluster: RedisCluster;

	beforeAll(async () => {
		cluster = await startRedisCluster([], whileNodesAreFrozen);
	}, 40_000);
	afterAll(() => cluster.close());

	it('shows no value of its own that another process has overwritten, though the journal is full and the markers are lost', async () => {
		const prefix = 'two';
		const open = async (more: CacheOptions) => {
			const cache = new RedisCache({url: cluster.url, prefix, deadline: '1s', breaker: {consecutive: 2}, ...more});
			onTestFinished(() => cache.close());
			await cache.ready('10s');
			return cache;
		};
		const cache = await open({journal: {maxKeys: 20}, ttl: {default: '1h', grace: '1h'}});
		const other = await open({memory: false});
		const {pool} = cache.internals.parts;
		const addressOf = (redisKey: string) => pool.nodeOf(redisKey)?.address ?? '';
		const nodeAt = (address: string) => cluster.nodes.find(({port}) => address.endsWith(`:${port}`));
		const all = Array.from({length: 300}, (_, index) => `k${index}`);
		const keysAt = (address: string) => all.filter((key) => addressOf(`${prefix}:default:${key}`) === address);
		const markersAt = addressOf(`${prefix}:!{default}`);
		const backAt = pool.nodes.find(({address}) => address !== markersAt)?.address ?? '';
		const keys = keysAt(backAt).slice(0, 40);
		await other.setMany(all.map((key) => [key, 'oldest']));
		for (const each of [cache, other]) await each.getMany(all);
		const modeOf = (of: RedisCache, at: string) => of.stats().nodes?.find(({address}) => address === at)?.mode.mode;
		const untilLost = async (at: string) => {
			for (const each of [cache, other]) {
				const isLost = async () => {
					await each.get(keysAt(at)[0] ?? '');
					return modeOf(each, at) === 'fallback';
				};
				await until(isLost, 'the node is out of use');
			}
		};

		onTestFinished(() => [markersAt, backAt].forEach((address) => void nodeAt(address)?.resume()));
		nodeAt(backAt)?.pause();
		await untilLost(backAt);
		for (const key of keys) expect(await cache.set(key, 'old')).toEqual({stored: 'memory'});
		expect(cache.stats().journal.overflowed).toBe(1);
		nodeAt(markersAt)?.pause();
		nodeAt(backAt)?.resume();
		await untilLost(markersAt);
		const isBack = (of: RedisCache) => of.stats().mode.mode === 'connected' && modeOf(of, backAt) === 'connected';
		await until(() => isBack(cache) && isBack(other), 'the node is back');
		for (const key of keys) expect(await other.set(key, 'new')).toEqual({stored: 'redis'});
		const isNowhereOld = async () => ![...(await cache.getMany(keys)).values()].includes('old');
		await until(isNowhereOld, 'the changes of the other process are announced');
		expect(modeOf(cache, markersAt)).toBe('fallback');
	}, 90_000);
});
