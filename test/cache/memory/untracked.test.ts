import {expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {describeReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {untilUntracked} from '../support/states.js';

const fixture = redisFixture();

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}};

/** Reads until the value is served from memory. */
const untilInMemory = (cache: RedisCache, key: string) =>
	until(async () => (await cache.getEntry(key))?.source === 'memory', `${key} is served from memory`);

describeReal('a cache to which Redis sends no invalidations', () => {
	const without: CacheOptions = {...steady, memory: {trust: 200}};
	const openUntracked = async (): Promise<RedisCache> => {
		await fixture.raw.call('ACL', 'SETUSER', 'untracked', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
		const cache = await fixture.open({...without, url: `redis://untracked:any@127.0.0.1:${fixture.redis.port}`});
		await untilUntracked(cache);
		return cache;
	};

	it('reports it, and serves from memory for a short time', async () => {
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
		it(`sees ${what} by another process after memory.trust`, async () => {
			const cache = await openUntracked();
			const other = await fixture.open(steady);
			await other.set('k', 'old', {tags: ['t']});
			await untilInMemory(cache, 'k');
			await change(other);
			await new Promise((resolve) => setTimeout(resolve, 220));
			expect(await cache.get('k')).not.toBe('old');
		});
	}
});
