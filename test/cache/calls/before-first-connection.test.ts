import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {freePort} from '../../support/redis-process.js';

const fixture = redisFixture();

type Change = readonly [what: string, make: (cache: RedisCache) => Promise<unknown>, leaves: string | undefined];

const strict = {strict: true};

const strictChanges: readonly Change[] = [
	['set', (cache) => cache.set('k', 'strict', strict), 'strict'],
	['delete', (cache) => cache.delete('k', strict), undefined],
	['expire to nothing', (cache) => cache.expire('k', 0, strict), undefined],
];

const plainChanges: readonly Change[] = [
	['set', (cache) => cache.set('k', 'plain'), 'plain'],
	['delete', (cache) => cache.delete('k'), undefined],
];

const pairs = strictChanges.flatMap((first) => plainChanges.map((second) => [first, second] as const));

describe('changes of a key made before the first connection', () => {
	it.each(pairs.map(([first, second]) => [first[0], second[0], first, second] as const))(
		'a strict %s, then a %s: reach Redis in the order of the calls',
		async (_first, _second, first, second) => {
			for (const memory of [{}, false] as const) {
				await fixture.raw.flushall();
				const cache = fixture.create({deadline: '5s', ttl: '1h', memory});
				await Promise.all([first[1](cache), second[1](cache)]);
				expect(await cache.get('k')).toBe(second[2]);
				const other = await fixture.open();
				expect(await other.get('k')).toBe(second[2]);
			}
		},
	);

	it.each(pairs.map(([first, second]) => [second[0], first[0], second, first] as const))(
		'a %s, then a strict %s: reach Redis in the order of the calls',
		async (_first, _second, first, second) => {
			await fixture.raw.flushall();
			const cache = fixture.create({deadline: '5s', ttl: '1h'});
			await Promise.all([first[1](cache), second[1](cache)]);
			expect(await cache.get('k')).toBe(second[2]);
			const other = await fixture.open();
			expect(await other.get('k')).toBe(second[2]);
		},
	);

	it.each([
		['clear', (cache: RedisCache) => cache.clear()],
		['invalidateTags', (cache: RedisCache) => cache.invalidateTags(['t'])],
	])('a strict set, then a %s: the value is gone', async (_what, change) => {
		const cache = fixture.create({deadline: '5s', ttl: '1h'});
		await Promise.all([cache.set('k', 'value', {...strict, tags: ['t']}), change(cache)]);
		expect(await cache.get('k')).toBeUndefined();
		const other = await fixture.open();
		expect(await other.get('k')).toBeUndefined();
	});

	it('strict changes that are refused because there is no Redis change nothing', async () => {
		const cache = fixture.create({url: `redis://127.0.0.1:${await freePort()}`, ttl: '1h'});
		const plain = cache.set('k', 'plain');
		const read = cache.get('k');
		const refused = await Promise.all(strictChanges.map(([, make]) => settle(make(cache))));
		for (const {error} of refused) expect(error).toMatchObject({code: 'ERR_UNAVAILABLE'});
		expect(await plain).toEqual({stored: 'memory'});
		expect(await read).toBe('plain');
		expect(await cache.get('k')).toBe('plain');
		expect(cache.stats().journal.size).toBe(1);
	});
});

describe('changes made before the first connection', () => {
	it.each(['set', 'delete'] as const)(
		'reach Redis before a %s made in the listener of the connected mode',
		async (change) => {
			for (let round = 0; round < 5; round++) {
				const key = `k${round}`;
				const cache = fixture.create({deadline: '5s', ttl: '1h'});
				const first = cache.set(key, 'first');
				await new Promise<void>((resolve) => {
					cache.on('mode', ({mode}) => {
						if (mode === 'connected') resolve();
					});
				});
				const second = change === 'set' ? cache.set(key, 'second') : cache.delete(key);
				expect(await Promise.all([first, second])).toEqual([{stored: 'redis'}, {stored: 'redis'}]);
				expect(await cache.get(key)).toBe(change === 'set' ? 'second' : undefined);
				const other = await fixture.open();
				expect(await other.get(key)).toBe(change === 'set' ? 'second' : undefined);
			}
		},
	);
});
