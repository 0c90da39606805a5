import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {memoryEntry, untilTracking} from '../support/states.js';

const fixture = redisFixture();

/** Seconds since Redis has last seen a use of each key. */
const idle = (keys: readonly string[]): Promise<number[]> =>
	Promise.all(keys.map(async (key) => Number(await fixture.raw.call('OBJECT', 'IDLETIME', key))));

describe('keys that memory answers for', () => {
	// Measured with `allkeys-lru`, 300 values in 30 tags, two processes, and other keys that push them out: 1,268 loads without.
	it('do not look cold to a Redis that evicts what was not used for longest', async () => {
		const cache = await fixture.open({ttl: '1h'});
		await untilTracking(cache);
		await cache.set('hot', 1, {tags: ['hot']});
		await cache.set('cold', 1, {tags: ['cold']});
		await until(async () => {
			await cache.get('hot');
			return memoryEntry(cache, 'hot')?.epoch === cache.internals.parts.namespaces.open('default').tier?.epoch;
		}, 'memory has it');
		const cold = ['rct:default:cold', 'rct:!{default}:cold'];
		const hot = ['rct:default:hot', 'rct:!{default}:hot', 'rct:!{default}'];
		const {batches} = cache.stats().counters;
		await until(
			async () => {
				await cache.get('hot');
				return (await idle(cold)).every((seconds) => seconds >= 4);
			},
			'the others look cold',
			{everyMs: 20},
		);
		expect(cache.stats().counters.batches).toBe(batches);
		for (const seconds of await idle(hot)) expect(seconds).toBeLessThanOrEqual(2);
	});
});
