import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {untilEnsured, untilTracking} from '../support/states.js';

const fixture = redisFixture();

describe('get, set, delete and has', () => {
	it('store, read and remove a value for all processes', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.set('k', {name: 'Ada'})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toEqual({name: 'Ada'});
		expect(await other.get('k')).toEqual({name: 'Ada'});
		expect(await other.has('k')).toBe(true);
		expect(await other.delete('k')).toEqual({stored: 'redis'});
		expect(await other.has('k')).toBe(false);
		await until(async () => !(await cache.has('k')), 'the other sees the change');
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
	});

	it('send the reads of one turn as one command', async () => {
		const cache = await fixture.open({memory: false, pool: {lanes: 1}});
		await cache.setMany([
			['a', 1],
			['b', 2],
			['c', 3],
		]);
		await untilEnsured(cache);
		const before = cache.stats().counters;
		expect(await Promise.all([cache.get('a'), cache.get('b'), cache.get('c'), cache.get('a'), cache.get('d')])).toEqual(
			[1, 2, 3, 1, undefined],
		);
		const after = cache.stats().counters;
		expect(after.batches - before.batches).toBe(1);
	});

	it('serve an unchanged value from memory without asking Redis', async () => {
		const cache = await fixture.open();
		await untilTracking(cache);
		await cache.set('k', 1);
		await until(async () => (await cache.getEntry('k'))?.source === 'memory', 'it is served from memory');
		const {batches} = cache.stats().counters;
		for (let round = 0; round < 100; round++) expect(await cache.get('k')).toBe(1);
		expect(cache.stats().counters.batches).toBe(batches);
	});
});

describe('getEntry', () => {
	it('tells the source of a value, its age and how long it is fresh', async () => {
		const cache = await fixture.open({ttl: {jitter: 0}});
		await cache.set('k', 'v', {ttl: '1m'});
		const other = await fixture.open();
		const first = await other.getEntry('k');
		expect(first).toMatchObject({value: 'v', source: 'redis', stale: false});
		expect(first?.ageMs).toBeGreaterThanOrEqual(0);
		expect(first?.ageMs).toBeLessThan(5000);
		expect(first?.ttlMs).toBeGreaterThan(55_000);
		expect(first?.ttlMs).toBeLessThanOrEqual(60_000);
		await until(async () => (await other.getEntry('k'))?.source === 'memory', 'memory has it');
		await until(async () => Number((await other.getEntry('k'))?.ageMs) > Number(first?.ageMs), 'it is older');
		expect(await other.getEntry('missing')).toBeUndefined();
	});
});
