import {randomBytes} from 'node:crypto';
import type {Redis} from 'ioredis';
import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {until} from '../../../support/until.js';
import {memoryEntry, untilMayReadWithLease, untilStored} from '../../support/states.js';

const fixture = redisFixture();

/** Calls of each command that Redis has counted while something was done. */
async function counted(work: () => Promise<unknown>, raw: Redis = fixture.raw): Promise<Map<string, number>> {
	await raw.config('RESETSTAT');
	await work();
	const lines = (await raw.info('commandstats')).matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g);
	return new Map([...lines].map(([, name = '', calls]) => [name, Number(calls)]));
}

/** Most loads have missed lately. */
async function missOften(cache: RedisCache): Promise<void> {
	for (let index = 0; index < 20; index++) await cache.getOrSet(`missed:${index}`, () => index);
	await untilStored(cache);
	await untilMayReadWithLease(cache, fixture.raw);
}

/** Most loads have found their value lately. */
async function hitOften(cache: RedisCache): Promise<void> {
	await cache.set('found', 1);
	for (let index = 0; index < 40; index++) await cache.getOrSet('found', () => 'not found');
	await untilMayReadWithLease(cache, fixture.raw);
}

const load = async (cache: RedisCache, key = 'k', value = 'loaded') => {
	expect(await cache.getOrSet(key, () => value)).toBe(value);
	await untilStored(cache);
};

describe('a load', () => {
	it('takes two round trips where most loads miss: one asks and gets the lease, one stores', async () => {
		const cache = await fixture.open({memory: false});
		await missOften(cache);
		const calls = await counted(() => load(cache));
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.has('mget')).toBe(false);
		expect(await (await fixture.open()).get('k')).toBe('loaded');
	});

	it('takes three where most find their value: a read costs a hit less than a script does', async () => {
		const cache = await fixture.open({memory: false});
		await hitOften(cache);
		const calls = await counted(() => load(cache));
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.get('mget')).toBe(1);
	});

	it('takes two of a key that this process has deleted', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', 'old');
		await hitOften(cache);
		await cache.delete('k');
		const calls = await counted(() => load(cache));
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.has('mget')).toBe(false);
	});

	it('takes two of a key whose value has expired in memory', async () => {
		const cache = await fixture.open({ttl: {jitter: 0}});
		await hitOften(cache);
		await cache.set('k', 'old', {ttl: 60});
		await until(() => (memoryEntry(cache, 'k')?.version ?? 0) > 0, 'it is in memory');
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'it has expired');
		const calls = await counted(() => load(cache));
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.has('mget')).toBe(false);
	});

	it('takes two with `fresh`, and its loader is told the value that is there', async () => {
		const cache = await fixture.open({memory: false});
		await hitOften(cache);
		await cache.set('k', 'old');
		let stale: unknown;
		const calls = await counted(async () => {
			const reload = cache.getOrSet(
				'k',
				(context) => {
					stale = context.stale?.value;
					return 'new';
				},
				{fresh: true},
			);
			expect(await reload).toBe('new');
			await untilStored(cache);
		});
		expect(stale).toBe('old');
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.has('mget')).toBe(false);
		expect(await cache.get('k')).toBe('new');
	});

	it('takes two of a value that was cleared, as soon as the clear is known here', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', 'cleared');
		await cache.clear();
		await missOften(cache);
		const calls = await counted(() => load(cache));
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.has('mget')).toBe(false);
		expect(await cache.get('k')).toBe('loaded');
	});

	it('of many keys takes two for all of them', async () => {
		const cache = await fixture.open({memory: false});
		await missOften(cache);
		const keys = Array.from({length: 20}, (_, index) => `many:${index}`);
		const calls = await counted(async () => {
			const loaded = await cache.getOrSetMany(keys, ({keys: missing}) => missing.map((key) => [key, key] as const));
			expect([...loaded.keys()]).toEqual(keys);
			await untilStored(cache);
		});
		expect(calls.has('mget')).toBe(false);
		// One script for each lane, twice.
		expect(calls.get('evalsha')).toBeLessThanOrEqual(4);
		expect((await cache.getMany(keys)).size).toBe(20);
	});

	it('of one key by many callers asks once', async () => {
		const cache = await fixture.open({memory: false});
		await missOften(cache);
		let loads = 0;
		const calls = await counted(async () => {
			const values = await Promise.all(Array.from({length: 64}, () => cache.getOrSet('k', () => ++loads)));
			expect(new Set(values)).toEqual(new Set([1]));
			await untilStored(cache);
		});
		expect(loads).toBe(1);
		expect(calls.get('evalsha')).toBe(2);
		expect(calls.has('mget')).toBe(false);
	});
});

describe('a read that was expected to miss, and finds a value,', () => {
	it('returns it after one round trip, and leaves no lease', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', {a: 1}, {tags: ['t']});
		await missOften(cache);
		const before = await fixture.raw.getrange('rct:default:k', 0, -1);
		const calls = await counted(async () => expect(await cache.getOrSet('k', () => 'loaded')).toEqual({a: 1}));
		expect(calls.get('evalsha')).toBe(1);
		expect(await fixture.raw.getrange('rct:default:k', 0, -1)).toBe(before);
		expect(cache.stats().counters.hitsRedis).toBeGreaterThan(0);
	});

	it('reads a long one by itself', async () => {
		const cache = await fixture.open({memory: false});
		// Its bytes cannot be compressed.
		const long = randomBytes(8000).toString('hex');
		await cache.set('k', long);
		await missOften(cache);
		const calls = await counted(async () => expect(await cache.getOrSet('k', () => 'loaded')).toBe(long));
		expect(calls.get('mget')).toBe(1);
	});
});
