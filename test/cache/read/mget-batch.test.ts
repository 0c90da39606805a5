import {describe, expect, it, vi} from 'vitest';
import {Namespace} from '../../../source/cache/keys/namespace.js';
import {CallbackRead} from '../../../source/cache/read/look-up.js';
import {MgetBatch} from '../../../source/cache/read/mget/mget-batch.js';
import type {Lane, Pool} from '../../../source/pool/types.js';
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

describe('the halves of a batch', () => {
	const namespace = new Namespace('rct', 'n', undefined);
	const {generationKey, counterKey} = namespace;
	const [t1, t2] = [namespace.tagKey('t1'), namespace.tagKey('t2')];

	/** The keys of both halves of a batch of these entries and markers, and of a counter that is read along. */
	function keysOfHalves(entries: readonly string[], markers: readonly string[], withMarkers: boolean) {
		const batch = new MgetBatch(0, 0, 0, 0, () => 1);
		for (const key of entries) batch.addEntry(new CallbackRead(namespace, key, false, () => {}), generationKey);
		batch.readAlong(counterKey);
		for (const markerKey of markers) batch.addMarker({markerKey, resolve: () => {}, reject: () => {}});
		return batch.halves(withMarkers)?.map(({keys}) => [...keys]);
	}

	const [a, b, c] = ['a', 'b', 'c'].map((key) => namespace.redisKey(key)) as [string, string, string];

	it('read each key in one of them, and the generation in all that have entries', () => {
		expect(keysOfHalves(['a', 'b', 'c'], [t1, t2], false)).toEqual([
			[generationKey, a, b, c],
			[t1, t2],
		]);
		expect(keysOfHalves(['a', 'b', 'c'], [], false)).toEqual([
			[generationKey, a, b],
			[generationKey, c],
		]);
	});

	it('read along what nobody waits for in the first of them, but not if it has one read', () => {
		expect(keysOfHalves(['a', 'b', 'c'], [t1, t2], true)).toEqual([
			[generationKey, a, b, c, counterKey],
			[t1, t2],
		]);
		expect(keysOfHalves(['a', 'b'], [], true)).toEqual([
			[generationKey, a],
			[generationKey, b],
		]);
	});
});

describe('reads one after the other', () => {
	/** Follows the lanes that reads take. */
	function follow({lanes}: Pool) {
		const followed = {reads: 0, last: undefined as Lane | undefined, leftIdle: 0};
		for (const lane of lanes) {
			const send = lane.sendFor.bind(lane);
			vi.spyOn(lane, 'sendFor').mockImplementation((receiver, command, args, options) => {
				if (command === 'MGET' && options?.isUpkeep !== true) {
					const {last} = followed;
					if (last !== undefined && last !== lane && last.inFlight === 0) followed.leftIdle++;
					followed.last = lane;
					followed.reads++;
				}
				send(receiver, command, args, options);
			});
		}
		return followed;
	}

	it('take the lane of the one before, unless a reply is due on it', async () => {
		const cache = await fixture.open({memory: false, deadline: '5s', pool: {lanes: 3}});
		const followed = follow(cache.internals.parts.pool);
		await cache.set('a', 1);
		for (let count = 0; count < 30; count++) expect(await cache.get('a')).toBe(1);
		expect(followed.reads).toBeGreaterThanOrEqual(30);
		expect(followed.leftIdle).toBe(0);

		const occupied = followed.last;
		const reply = occupied?.send('BLPOP', ['later', 0], {deadlineMs: 10_000});
		expect(await cache.get('a')).toBe(1);
		expect(followed.last).not.toBe(occupied);
		await fixture.raw.rpush('later', 'an item');
		await reply;
	});
});

describe('many reads of one turn', () => {
	/** Commands for so many reads at once, once the size of entries is known. Commands of others on the lanes do not count. */
	async function commandsFor(
		reads: number,
		lanes: number,
		occupy: (pool: Pool) => Promise<unknown> | undefined = () => undefined,
	): Promise<{batches: number; used: number}> {
		const cache = await fixture.open({memory: false, deadline: '5s', pool: {lanes}});
		const keys = Array.from({length: reads}, (_, index) => `k${index}`);
		await cache.setMany(keys.map((key) => [key, key]));
		const {pool, batcher} = cache.internals.parts;
		for (let round = 0; round < 8; round++) await cache.getMany(keys);
		const occupied = occupy(pool);
		// An answer to another question may be due.
		while (pool.lanes.filter(({inFlight}) => inFlight > 0).length > (occupied === undefined ? 0 : 1))
			await cache.getMany(keys);
		const {batches} = batcher.counts;
		const laneStates = pool.lanes.map(({inFlight}) => inFlight);
		const reading = Promise.all(keys.map((key) => cache.get(key)));
		// A turn ends before the next `setImmediate`, and its commands are written before it.
		await new Promise((resolve) => setImmediate(resolve));
		const used = pool.lanes.filter(({inFlight}, index) => inFlight > (laneStates[index] ?? 0)).length;
		expect(await reading).toEqual(keys);
		if (occupied !== undefined) await Promise.all([occupied, fixture.raw.rpush('queue', 'an item')]);
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

	it('are one command if a reply is due on the other lane', async () => {
		const occupy = ({lanes: [, lane]}: Pool) => lane?.send('BLPOP', ['queue', 0], {deadlineMs: 10_000});
		expect(await commandsFor(64, 2, occupy)).toEqual({batches: 1, used: 1});
	});

	it('are as many commands as need be, on lanes in turn, if they are very many', async () => {
		expect(await commandsFor(600, 2)).toEqual({batches: 3, used: 2});
	});
});
