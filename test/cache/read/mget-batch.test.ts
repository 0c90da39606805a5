import {describe, expect, it} from 'vitest';
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

describe('many reads of one turn', () => {
	/** Commands for so many reads at once, once the size of entries is known. Commands of others on the lanes do not count. */
	async function commandsFor(reads: number, lanes: number): Promise<{batches: number; used: number}> {
		const cache = await fixture.open({memory: false, deadline: '5s', pool: {lanes}});
		const keys = Array.from({length: reads}, (_, index) => `k${index}`);
		await cache.setMany(keys.map((key) => [key, key]));
		for (let round = 0; round < 8; round++) await cache.getMany(keys);
		const {pool, batcher} = cache.internals.parts;
		const {batches} = batcher.counts;
		const laneStates = pool.lanes.map(({inFlight}) => inFlight);
		const reading = Promise.all(keys.map((key) => cache.get(key)));
		// A turn ends before the next `setImmediate`, and its commands are written before it.
		await new Promise((resolve) => setImmediate(resolve));
		const used = pool.lanes.filter(({inFlight}, index) => inFlight > (laneStates[index] ?? 0)).length;
		expect(await reading).toEqual(keys);
		return {batches: batcher.counts.batches - batches, used};
	}

	it('are one command if they are few', async () => {
		expect(await commandsFor(63, 2)).toEqual({batches: 1, used: 1});
	});

	it('are two commands, on two lanes, if they are more', async () => {
		expect(await commandsFor(64, 2)).toEqual({batches: 2, used: 2});
	});

	it('are one command if there is one lane', async () => {
		expect(await commandsFor(64, 1)).toEqual({batches: 1, used: 1});
	});

	it('are as many commands as need be, on lanes in turn, if they are very many', async () => {
		expect(await commandsFor(600, 2)).toEqual({batches: 3, used: 2});
	});
});
