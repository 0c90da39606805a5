import {expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

it('a batch that is sent in parts asks for each key once, however many calls read it', async () => {
	const cache = await fixture.open({memory: false, deadline: '2s'});
	const keys = Array.from({length: 16}, (_, index) => `k${index}`);
	const {counters} = cache.stats();
	const calls = Array.from({length: 20}, () => keys.map((key) => cache.get(key)));
	await Promise.all(calls.flat());
	const {batches, batchedKeys} = cache.stats().counters;
	expect([batches - counters.batches, batchedKeys - counters.batchedKeys]).toEqual([2, 16]);
});
