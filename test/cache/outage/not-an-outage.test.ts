import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilReconciled} from '../support/states.js';

describe('the cache does not fall back', () => {
	const fixture = redisFixture();

	it('if Redis is full: reads go on, and sets are kept in memory until there is room', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'before');
		await fixture.raw.config('SET', 'maxmemory', 1);
		for (let round = 0; round < 20; round++) {
			expect(await cache.set('k', round)).toEqual({stored: 'memory'});
			expect([undefined, round]).toContain(await cache.get('k'));
			expect(await cache.delete(`d${round}`)).toEqual({stored: 'redis'});
		}
		expect(cache.stats().mode.mode).toBe('connected');
		await fixture.raw.config('SET', 'maxmemory', 0);
		await until(async () => (await cache.set('k', 'after')).stored === 'redis', 'there is room again');
		await untilReconciled(cache);
		expect(await (await fixture.open()).get('k')).not.toBe('before');
	});

	it('if its own queue is full: calls are shed and counted', async () => {
		const cache = await fixture.open({pool: {lanes: 1, capacity: 4}, memory: false});
		await cache.set('k', 1);
		const results = await Promise.all(Array.from({length: 200}, (_, index) => cache.set(`k${index}`, index)));
		expect(results).toHaveLength(200);
		expect(cache.stats().mode.mode).toBe('connected');
		await untilReconciled(cache);
		expect(await cache.set('k', 2)).toEqual({stored: 'redis'});
	});

	it('if a key holds another type: it is an error or a miss', async () => {
		const cache = await fixture.open({breaker: {consecutive: 2}});
		await fixture.raw.rpush('rct:default:k', 'x');
		for (let round = 0; round < 20; round++) {
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.getOrSet('k', () => round)).toBe(round);
		}
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('if a loader fails', async () => {
		const cache = await fixture.open({breaker: {consecutive: 2}});
		for (let round = 0; round < 10; round++)
			await settle(cache.getOrSet(`k${round}`, () => Promise.reject(new Error('no database'))));
		expect(cache.stats().mode.mode).toBe('connected');
	});
});
