import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';

const fixture = redisFixture();

describe('stats', () => {
	it('counts what happened, and can be serialized', async () => {
		const cache = await fixture.open({memory: {maxEntries: 2}});
		await cache.set('a', 1);
		await cache.set('b', 2);
		await cache.set('c', 3);
		await cache.get('a');
		await cache.get('missing');
		await cache.delete('b');
		await cache.clear();
		await cache.getOrSet('d', () => 4);
		await settle(cache.getOrSet('e', () => Promise.reject(new Error('no'))));
		const stats = cache.stats();
		expect(stats.counters).toMatchObject({sets: 3, deletes: 1, invalidations: 1, loads: 2, loadErrors: 1, errors: 0});
		expect(stats.counters.evictions).toBeGreaterThan(0);
		expect(stats.counters.hitsRedis).toBe(1);
		expect(stats.counters.misses).toBe(3);
		expect(stats.memory).toMatchObject({maxEntries: 2});
		expect(stats.memory.entries).toBeLessThanOrEqual(2);
		expect(stats.pending).toBe(0);
		expect(stats.modes.length).toBeGreaterThan(0);
		expect(structuredClone(stats)).toEqual(stats);
		expect(JSON.parse(JSON.stringify(stats))).toBeTypeOf('object');
	});
});
