import {describe, expect, it} from 'vitest';
import type {Duration} from '../../../source/cache/api/duration.js';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {untilUntracked} from '../support/states.js';

const fixture = redisFixture();

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}};

/** Reads until the value is served from memory. */
const untilInMemory = (cache: RedisCache, key: string) =>
	until(async () => (await cache.getEntry(key))?.source === 'memory', `${key} is served from memory`);

describe('a cache to which Redis sends no invalidations', () => {
	const openUntracked = async (trust: Duration = 200): Promise<RedisCache> => {
		await fixture.raw.call('ACL', 'SETUSER', 'untracked', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
		const cache = await fixture.open({
			...steady,
			memory: {trust},
			url: `redis://untracked:any@127.0.0.1:${fixture.redis.port}`,
		});
		await untilUntracked(cache);
		return cache;
	};

	it('is one by its options: no connection but its lanes is opened', async () => {
		const cache = await fixture.open({...steady, memory: {coherence: 'ttl', trust: 200}});
		expect(cache.stats().memory.coherence).toBe('ttl');
		const other = await fixture.open(steady);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		await other.set('k', 'new');
		await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
		await other.close();
		const subscribers = async () => (await fixture.raw.pubsub('NUMSUB', '__redis__:invalidate'))[1];
		await until(async () => (await subscribers()) === 0, 'nobody is subscribed');
	});

	itReal('reports it, and serves from memory for a short time', async () => {
		const cache = await openUntracked();
		expect(cache.stats().memory.coherence).toBe('ttl');
		await cache.set('k', 1);
		await untilInMemory(cache, 'k');
	});

	for (const [what, change] of [
		['a set', (other) => other.set('k', 'new')],
		['a delete', (other) => other.delete('k')],
		['a clear', (other) => other.clear()],
		['an invalidated tag', (other) => other.invalidateTags(['t'])],
	] as const satisfies readonly (readonly [string, (other: RedisCache) => Promise<unknown>])[]) {
		itReal(`sees ${what} by another process after memory.trust`, async () => {
			const cache = await openUntracked();
			const other = await fixture.open(steady);
			await other.set('k', 'old', {tags: ['t']});
			await untilInMemory(cache, 'k');
			await change(other);
			await new Promise((resolve) => setTimeout(resolve, 220));
			expect(await cache.get('k')).not.toBe('old');
		});
	}

	itReal('sees a clear by another process during a load as soon as one before it', async () => {
		const cache = await openUntracked('1s');
		const other = await fixture.open(steady);
		let clearedAt = 0;
		await cache.getOrSet('k', async () => {
			await other.clear();
			clearedAt = performance.now();
			await new Promise((resolve) => setTimeout(resolve, 600));
			return 'old';
		});
		await new Promise((resolve) => setTimeout(resolve, clearedAt + 1020 - performance.now()));
		expect(await cache.get('k')).toBeUndefined();
	});
});
