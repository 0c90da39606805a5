import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilTracking} from '../support/states.js';

const fixture = redisFixture();

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}, deadline: '2s'};

/** A load of `k` that has read its row. */
const startLoad = async (cache: RedisCache, chooses: 'before' | 'late', tags: string[]) => {
	const {promise, open} = gate<string>();
	let begun = false;
	const loading = cache.getOrSet(
		'k',
		async ({setOptions}) => {
			begun = true;
			const row = await promise;
			if (chooses === 'late') setOptions({tags});
			return row;
		},
		chooses === 'before' ? {tags} : {},
	);
	await until(() => begun, 'the loader has read the row');
	return async (row: string): Promise<string> => {
		open(row);
		const value = await loading;
		await until(() => cache.internals.parts.flights.size === 0, 'the value is stored, or is not');
		return value ?? '';
	};
};

describe('a load with a tag, while other tags of the namespace are invalidated', () => {
	for (const who of ['this', 'another'] as const)
		for (const chooses of ['before', 'late'] as const)
			it(`by ${who} process is stored, with tags chosen ${chooses === 'late' ? 'by the loader' : 'by the call'}`, async () => {
				const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
				const busy = who === 'this' ? cache : other;
				await untilTracking(cache);
				await other.set('warm', 1, {tags: ['catalogue', 'order:0']});
				await busy.invalidateTags(['order:0']);
				const finish = await startLoad(cache, chooses, ['catalogue']);
				for (let round = 0; round < 5; round++) await busy.invalidateTags([`order:${round}`]);
				expect(await finish('row')).toBe('row');
				expect(await other.get('k')).toBe('row');
				expect(await cache.get('k')).toBe('row');
				// Its own tag still discards it.
				await cache.delete('k');
				const finishAgain = await startLoad(cache, chooses, ['catalogue']);
				await busy.invalidateTags(['catalogue']);
				expect(await finishAgain('old row')).toBe('old row');
				expect(await other.get('k')).toBeUndefined();
				expect(await cache.get('k')).toBeUndefined();
			});

	it('is kept in memory while Redis is away, unless its own tag was invalidated', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, steady);
		proxy.add({kind: 'refuse'});
		await until(() => cache.stats().mode.mode === 'fallback', 'Redis is out of use');
		const finish = await startLoad(cache, 'late', ['catalogue']);
		await cache.invalidateTags(['order:1']);
		await finish('row');
		expect(await cache.get('k')).toBe('row');
		await cache.delete('k');
		const finishAgain = await startLoad(cache, 'late', ['catalogue']);
		await cache.invalidateTags(['catalogue']);
		await finishAgain('old row');
		expect(await cache.get('k')).toBeUndefined();
	});
});
