import {describe, expect, it} from 'vitest';
import type {Duration} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {wrong} from '../support/every-call.js';

const fixture = redisFixture();

const dayMs = 86_400_000;

describe('a TTL of 0 or beyond the maximum', () => {
	const ways: Readonly<Record<string, (cache: RedisCache, ttl: Duration) => Promise<unknown>>> = {
		set: (cache, ttl) => cache.set('k', 'v', {ttl}),
		setMany: (cache, ttl) => cache.setMany([['k', 'v']], {ttl}),
		getOrSet: (cache, ttl) => cache.getOrSet('k', () => 'v', {ttl}),
		'what a loader says': (cache, ttl) =>
			cache.getOrSet('k', ({setOptions}) => {
				setOptions({ttl});
				return 'v';
			}),
		expire: async (cache, ttl) => {
			await cache.set('k', 'v', {ttl: '1s'});
			return cache.expire('k', ttl);
		},
	};

	for (const [way, give] of Object.entries(ways)) {
		it(`${way}: is cut to ttl.max`, async () => {
			const cache = await fixture.open({deadline: '2s', ttl: {max: '1h', default: '1m', jitter: 0}});
			for (const ttl of ['2h', '1h', Number.POSITIVE_INFINITY] as const) {
				await give(cache, ttl);
				const left = (await cache.ttl('k')) ?? 0;
				expect(left).toBeGreaterThan(3_590_000);
				// The bounds of the server clock leave some slack.
				expect(left).toBeLessThan(3_601_000);
				expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(3_600_000);
				await cache.delete('k');
			}
		});

		it(`${way}: without ttl.max 30 days are accepted`, async () => {
			const cache = await fixture.open({ttl: {jitter: 0}});
			await give(cache, '30d');
			expect(await cache.ttl('k')).toBeGreaterThan(30 * dayMs - 10_000);
		});

		it(`${way}: 0 means that the value is not kept, whatever its grace`, async () => {
			const cache = await fixture.open({ttl: {grace: '1h'}});
			const other = await fixture.open();
			await give(cache, 0);
			expect(await fixture.raw.exists('rct:default:k')).toBe(0);
			expect(await cache.get('k')).toBeUndefined();
			expect(await other.get('k')).toBeUndefined();
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		});
	}

	it('set with a TTL of 0 deletes the old value for every process', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('k', 'old');
		expect(await other.get('k')).toBe('old');
		expect(await cache.set('k', 'new', {ttl: 0})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBeUndefined();
		await until(async () => (await other.get('k')) === undefined, 'the other sees the change');
	});

	for (const [name, load, options] of [
		['a value with a TTL of 0', () => 'new', {ttl: 0}],
		['a "not there" that is not remembered', () => undefined, {negativeTtl: 0}],
	] as const) {
		it(`a reload that returns ${name} deletes the older value for every process`, async () => {
			const cache = await fixture.open({ttl: {grace: '1h'}});
			const other = await fixture.open();
			await cache.set('k', 'old');
			expect(await other.get('k')).toBe('old');
			expect(await cache.getOrSet('k', load, {...options, fresh: true})).toBe(load());
			await until(async () => (await cache.get('k')) === undefined, 'it is gone here');
			await until(async () => (await other.get('k')) === undefined, 'it is gone there');
			await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'and in Redis');
			const failing = () => Promise.reject(new Error('no database'));
			await expect(cache.getOrSet('k', failing)).rejects.toThrow('no database');
		});
	}

	it('a reload that is not kept never makes others see "not there"', async () => {
		const cache = await fixture.open();
		const other = await fixture.open({memory: false});
		for (let round = 0; round < 30; round++) {
			await cache.set('k', 'old');
			let isOver = false;
			const reload = cache
				.getOrSet('k', () => 'new', {ttl: 0, fresh: true})
				.finally(() => {
					isOver = true;
				});
			while (!isOver) expect(await other.getOrSet('k', () => 'loaded', {ttl: 0})).toBeTypeOf('string');
			expect(await other.getOrSet('k', () => 'loaded', {ttl: 0})).toBeTypeOf('string');
			expect(await reload).toBe('new');
		}
	});

	it('with a default of 0 only values with a TTL of their own are kept', async () => {
		const cache = await fixture.open({ttl: {default: 0}});
		await cache.set('a', 1);
		await cache.set('b', 1, {ttl: '1m'});
		expect(await cache.getMany(['a', 'b'])).toEqual(new Map([['b', 1]]));
	});

	it('expire applies a TTL without jitter', async () => {
		const cache = await fixture.open({ttl: {jitter: 1}});
		await cache.set('k', 1);
		await cache.expire('k', '1h');
		expect(await cache.ttl('k')).toBeGreaterThan(3_590_000);
		expect((await settle(cache.expire('k', wrong(undefined)))).error).toMatchObject({code: 'ERR_INVALID_DURATION'});
	});
});
