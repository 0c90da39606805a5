import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {untilWritesSettled} from '../support/states.js';

const fixture = redisFixture();

describe('a listener of evict events', () => {
	it.each([
		['deletes what is evicted', (cache: RedisCache, key: string) => cache.delete(key)],
		['sets something else', (cache: RedisCache) => cache.namespace('other').set('k', 1)],
		['reads what is evicted', (cache: RedisCache, key: string) => cache.get(key)],
	])('that %s leaves the memory tier within its limits', async (_what, work) => {
		const cache = await fixture.open({memory: {maxEntries: 10}});
		let calls = 0;
		cache.on('evict', ({key}) => {
			// A listener that sets causes evictions, too: it has to stop at some time.
			if (calls++ < 500) work(cache, key).catch(() => {});
		});
		for (let index = 0; index < 100; index++) await cache.set(`k${index}`, index);
		await untilWritesSettled(cache);
		const {memory} = cache.stats();
		expect(memory.entries).toBeLessThanOrEqual(10);
		expect(memory.entries).toBeGreaterThan(0);
		let kept = 0;
		for (const {tier} of cache.internals.parts.namespaces) kept += [...(tier?.entries() ?? [])].length;
		expect(kept).toBe(memory.entries);
		for (let index = 0; index < 20; index++) await cache.set(`again ${index}`, index);
		expect(await cache.get('again 19')).toBe(19);
	});
});
