import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {commonBasis, hashKey} from '../../../source/pool/key-hash.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {untilReconciled} from '../support/states.js';

const fixture = redisFixture();

const openBehindTap = async (lanes: number): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({url: tap.url, deadline: 3000, pool: {lanes}});
	await cache.set('warm', 1);
	return {cache, tap};
};

/** A key whose lane changes with the number of lanes. */
const keyThatMoves = (from: number, to: number): string => {
	for (let index = 0; ; index++) {
		const hash = hashKey(`rct:default:k${index}`, commonBasis);
		if (hash % from !== hash % to && hash % from < to) return `k${index}`;
	}
};

describe('writes of the same key keep their order when the number of lanes changes in between', () => {
	for (const [from, to] of [
		[4, 3],
		[2, 5],
	] as const) {
		it(`from ${from} to ${to}`, async () => {
			const {cache, tap} = await openBehindTap(from);
			const key = keyThatMoves(from, to);
			const held = tap.holdRequest('EVALSHA', `rct:default:${key}`);
			const first = cache.set(key, 'first');
			await held.passed;
			const {pool} = cache.internals;
			const {routing} = pool;
			const lane = pool.laneOf(`rct:default:${key}`);
			const resized = pool.resize(to);
			await until(() => pool.routing !== routing, 'keys belong to other lanes');
			expect(pool.laneOf(`rct:default:${key}`)).not.toBe(lane);
			const second = cache.set(key, 'second');
			const third = cache.set(key, 'third');
			const unconcerned = cache.set('warm', 2);
			await Promise.race([unconcerned, new Promise((resolve) => setTimeout(resolve, 100))]);
			held.release();
			expect(await Promise.all([first, second, third])).toEqual(Array(3).fill({stored: 'redis'}));
			await resized;
			expect(await (await fixture.open()).get(key)).toBe('third');
			expect(await cache.get(key)).toBe('third');
			expect(cache.stats().journal.max).toBe(0);
		});
	}

	it('back and forth in a burst', async () => {
		const {cache} = await openBehindTap(4);
		const other = await fixture.open({memory: false});
		const writes: Promise<unknown>[] = [];
		const resizes: Promise<unknown>[] = [];
		for (const [round, lanes] of [1, 6, 2, 8, 3].entries()) {
			for (let index = 0; index < 600; index++) writes.push(cache.set(`k${index}`, `${index} in round ${round}`));
			resizes.push(cache.internals.pool.resize(lanes));
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		await Promise.all([...writes, ...resizes]);
		await untilReconciled(cache);
		for (let index = 0; index < 600; index++)
			expect([undefined, `${index} in round 4`]).toContain(await other.get(`k${index}`));
	});
});

describe('writes that wait when lanes are removed', () => {
	it.each([
		['of the same turn', 600],
		['of a burst that fills the lanes', 6000],
	])('%s are sent on the lanes that are left', async (_, count) => {
		const {cache} = await openBehindTap(4);
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		const writes = Array.from({length: count}, (__, index) => cache.set(`k${index}`, index));
		if (count > 600) await new Promise((resolve) => setImmediate(resolve));
		const resized = cache.internals.pool.resize(1);
		const results = await Promise.all(writes);
		await resized;
		expect(results.filter(({stored}) => stored !== 'redis')).toEqual([]);
		expect(errors).toEqual([]);
		expect(cache.stats().journal.max).toBe(0);
	});
});

describe('new lanes', () => {
	it('are not used before they are ready', async () => {
		const {cache, tap} = await openBehindTap(2);
		tap.closed = true;
		await cache.internals.pool.resize(6);
		const results = await Promise.all(Array.from({length: 40}, (_, index) => cache.set(`k${index}`, index)));
		expect(results).toEqual(Array(40).fill({stored: 'redis'}));
		expect(cache.stats().mode.mode).toBe('connected');
		expect(cache.stats().pool.lanes).toHaveLength(6);
		tap.closed = false;
		await until(() => cache.stats().pool.lanes.every(({state}) => state === 'ready'), 'all are ready');
		const commands = () => cache.stats().pool.lanes.map((lane) => lane.commands);
		const before = commands();
		await Promise.all(Array.from({length: 200}, (_, index) => cache.set(`k${index}`, index)));
		expect(commands().every((count, index) => count > (before[index] ?? 0))).toBe(true);
	});
});
