import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';
import {resetLanes, untilConnectedAndReconciled, untilTracking} from '../support/states.js';

const fixture = redisFixture();

/** Room for one read and one write. */
const small: CacheOptions = {pool: {capacity: 2}, deadline: '2s', heartbeat: '100ms', ttl: '1h'};

/** All kinds of calls at the same time, again and again. */
const callAll = async (cache: RedisCache): Promise<void> => {
	for (let round = 0; round < 20; round++) {
		const keys = Array.from({length: 10}, (_, index) => `${round} ${index}`);
		const results = await Promise.all(keys.map((key) => cache.set(key, round, {tags: ['t']})));
		expect(results).toEqual(keys.map(() => ({stored: 'redis'})));
		const [values, loaded] = await Promise.all([
			cache.getMany(keys),
			Promise.all(keys.map((key) => cache.getOrSet(`loaded ${key}`, () => key))),
			cache.delete(`other ${round}`),
		]);
		expect([...values.values()]).toEqual(keys.map(() => round));
		expect(loaded).toEqual(keys);
	}
	expect(cache.stats().pool.lanes.reduce((sum, {timeouts}) => sum + timeouts, 0)).toBe(0);
};

const reconnects = (cache: RedisCache): readonly number[] => cache.stats().pool.lanes.map((lane) => lane.reconnects);

describe('a cache whose lanes take two commands at a time', () => {
	for (const coherence of ['broadcast', 'tracked'] as const) {
		it(`connects and is served, before and after its lanes were lost: ${coherence}`, async () => {
			const cache = await fixture.open({...small, memory: {coherence}});
			await untilTracking(cache);
			await callAll(cache);
			const before = reconnects(cache);
			expect(before).toEqual([0, 0]);
			resetLanes(cache);
			await until(() => reconnects(cache).every((count) => count === 1), 'the lanes are ready again');
			await untilConnectedAndReconciled(cache);
			await untilTracking(cache);
			await callAll(cache);
			expect(reconnects(cache)).toEqual([1, 1]);
			expect(cache.stats().pool.lanes.every(({state}) => state === 'ready')).toBe(true);
		});
	}
});

describeReal('in a cluster', () => {
	let cluster: RedisCluster;
	beforeAll(async () => {
		cluster = await startRedisCluster();
	});
	afterAll(() => cluster.close());

	it('they are served as well', async () => {
		const cache = new RedisCache({...small, url: cluster.url, memory: {coherence: 'tracked'}});
		try {
			await cache.ready('30s');
			await untilTracking(cache);
			await callAll(cache);
			expect(reconnects(cache)).toEqual([0, 0, 0, 0, 0, 0]);
		} finally {
			await cache.close();
		}
	});
});
