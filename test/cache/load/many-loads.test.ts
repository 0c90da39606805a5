import {describe, expect, it} from 'vitest';
import type {CacheOptions, ManyLoaderContext} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {wrong} from '../support/every-call.js';
import {untilFallback, untilStored} from '../support/states.js';

const fixture = redisFixture();

/** On a busy machine a missed deadline would make a load one without a lease. */
const patient = {deadline: '2s'} as const;

const openCache = (options: CacheOptions = {}) => fixture.open({...patient, ...options});

/** A loader of many keys that remembers what it was asked for. */
const countedLoader = (value: (key: string) => unknown = (key) => `value of ${key}`) => {
	const calls: string[][] = [];
	return {
		calls,
		load: async ({keys}: ManyLoaderContext) => {
			calls.push([...keys]);
			return new Map(keys.map((key) => [key, value(key)]));
		},
	};
};

describe('getOrSetMany', () => {
	it('loads all that is missing with one call, and returns everything in the order of the keys', async () => {
		const cache = await openCache();
		await cache.set('b', 'from Redis');
		const {calls, load} = countedLoader();
		const keys = ['d', 'b', 'a', 'c', 'a'];
		expect([...(await cache.getOrSetMany(keys, load))]).toEqual([
			['d', 'value of d'],
			['b', 'from Redis'],
			['a', 'value of a'],
			['c', 'value of c'],
		]);
		expect(calls).toEqual([['d', 'a', 'c']]);
		await untilStored(cache);
		// From memory, and, in another cache, from Redis.
		await cache.getOrSetMany(new Set(keys), load);
		const other = await openCache();
		expect((await other.getOrSetMany(keys, load)).get('c')).toBe('value of c');
		expect(calls).toHaveLength(1);
		expect(await cache.getOrSetMany([], load)).toEqual(new Map());
	});

	it('shares the loads of getOrSet, and lets it share its own', async () => {
		const cache = await openCache();
		const single = gate<string>();
		const many = gate<[string, string][]>();
		const asked: string[][] = [];
		const first = cache.getOrSet('a', () => single.promise);
		await until(() => cache.stats().counters.loads === 1, 'the first load runs');
		const both = cache.getOrSetMany(['a', 'b'], ({keys}) => {
			asked.push([...keys]);
			return many.promise;
		});
		await until(() => asked.length === 1, 'the other load runs');
		const joined = cache.getOrSet('b', () => 'too many');
		many.open([['b', 'B']]);
		single.open('A');
		expect(await both).toEqual(
			new Map([
				['a', 'A'],
				['b', 'B'],
			]),
		);
		expect([await first, await joined, asked]).toEqual(['A', 'B', [['b']]]);
	});

	it('waits for keys that another process loads, and does not keep the others waiting for their load', async () => {
		const [one, other] = [await openCache(), await openCache()];
		const slow = gate<string>();
		const first = other.getOrSet('a', () => slow.promise);
		await until(() => other.stats().counters.loads === 1, 'the other process loads');
		const {calls, load} = countedLoader();
		const many = one.getOrSetMany(['a', 'b', 'c'], load);
		await until(() => calls.length === 1, 'the rest is loaded');
		slow.open('from the other process');
		expect((await many).get('a')).toBe('from the other process');
		expect(await first).toBe('from the other process');
		expect(calls).toEqual([['b', 'c']]);
	});

	it('loads keys that another process could not load in a second call', async () => {
		const [one, other] = [await openCache(), await openCache()];
		const slow = gate<string>();
		const failing = ['a', 'b'].map((key) => settle(other.getOrSet(key, () => slow.promise)));
		await until(() => other.stats().counters.loads === 2, 'the other process loads');
		const {calls, load} = countedLoader();
		const many = one.getOrSetMany(['a', 'b', 'c'], load);
		await until(() => calls.length === 1, 'the rest is loaded');
		slow.fail(new Error('no database'));
		expect([...(await many).keys()]).toEqual(['a', 'b', 'c']);
		await Promise.all(failing);
		expect(calls[0]).toEqual(['c']);
		expect(calls.slice(1).flat().sort()).toEqual(['a', 'b']);
	});

	it('remembers keys that the loader leaves out as "not there", and ignores those it was not asked for', async () => {
		const cache = await openCache();
		const found = await cache.getOrSetMany(['a', 'b'], ({keys}) => [
			[keys[0] as string, 1],
			['stranger', 2],
		]);
		expect([...found]).toEqual([['a', 1]]);
		await untilStored(cache);
		expect(await cache.get('stranger')).toBeUndefined();
		let loads = 0;
		expect(await cache.getOrSet('b', () => ++loads)).toBeUndefined();
		expect(loads).toBe(0);
	});

	it('stores no value of a key that was deleted while it was loaded, but those of the others', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		const {promise, open} = gate<[string, string][]>();
		const many = cache.getOrSetMany(['a', 'b'], () => promise);
		await until(() => cache.stats().counters.loads === 2, 'the load runs');
		await other.delete('a');
		open([
			['a', 'old row'],
			['b', 'row'],
		]);
		expect((await many).get('a')).toBe('old row');
		await untilStored(cache);
		expect(await other.get('a')).toBeUndefined();
		expect(await cache.get('a')).toBeUndefined();
		expect(await other.get('b')).toBe('row');
	});

	it('rejects if the loader fails and there is no stale value; with `partial` it returns the rest', async () => {
		const cache = await openCache();
		await cache.set('a', 1);
		const failing = () => {
			throw new Error('no database');
		};
		const {error} = await settle(cache.getOrSetMany(['a', 'b'], failing));
		expect(error).toMatchObject({message: 'no database'});
		expect(await cache.getOrSetMany(['a', 'b'], failing, {partial: true})).toEqual(new Map([['a', 1]]));
		// Nothing is left behind: the next call loads at once.
		expect((await cache.getOrSetMany(['b'], () => [['b', 2]])).get('b')).toBe(2);
	});

	it('serves stale values within grace if the loader fails', async () => {
		const cache = await openCache();
		await cache.setMany(
			[
				['a', 1],
				['b', 2],
			],
			{ttl: 1, grace: '1m'},
		);
		await until(async () => (await cache.get('b')) === undefined, 'they are stale');
		const failing = () => Promise.reject(new Error('no database'));
		expect([...(await cache.getOrSetMany(['a', 'b'], failing)).values()]).toEqual([1, 2]);
	});

	it('gives each value the options that its loader sets, and renews those that have not changed', async () => {
		const cache = await openCache({ttl: {grace: '1m'}});
		const versions = new Map([['a', 1]]);
		await cache.getOrSetMany(['a', 'b'], ({setOptions}) => {
			setOptions('a', {tags: ['blue'], ttl: 1});
			return versions;
		});
		await untilStored(cache);
		await until(async () => (await cache.get('a')) === undefined, 'it is stale');
		const found = await cache.getOrSetMany(['a'], ({keys, stale, keep}) => {
			expect([...stale]).toEqual([['a', {value: 1, ageMs: expect.any(Number)}]]);
			for (const key of keys) keep(key, {ttl: '1m'});
			return [];
		});
		expect(found.get('a')).toBe(1);
		await untilStored(cache);
		expect(await cache.get('a')).toBe(1);
		await cache.invalidateTags(['blue']);
		expect(await cache.get('a')).toBeUndefined();
	});

	it('in fallback loads with one call, too', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, patient);
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		const {calls, load} = countedLoader();
		expect((await cache.getOrSetMany(['a', 'b'], load)).size).toBe(2);
		expect(calls).toEqual([['a', 'b']]);
	});

	it('loads thousands of keys with one call', async () => {
		const cache = await openCache();
		const {calls, load} = countedLoader();
		const keys = Array.from({length: 3000}, (_, index) => `k${index}`);
		expect((await cache.getOrSetMany(keys, load)).size).toBe(3000);
		expect(calls.flat()).toHaveLength(3000);
		expect(calls.length).toBeLessThanOrEqual(2);
	});

	it('reports what the loader returns or is given wrongly', async () => {
		const cache = await openCache();
		for (const returned of [undefined, null, 'text', {a: 1}, [1]]) {
			const {error} = await settle(cache.getOrSetMany(['a'], () => wrong(returned)));
			expect(error).toMatchObject({
				code: 'ERR_INVALID_ARGUMENT',
				message: expect.stringContaining('must return a Map'),
			});
		}
		const {error} = await settle(
			cache.getOrSetMany(['a'], ({setOptions}) => {
				setOptions('b', {});
				return [];
			}),
		);
		expect(error).toMatchObject({message: expect.stringContaining('"b" is not one of the keys')});
		await expect(cache.getOrSetMany(wrong('a'), () => [])).rejects.toThrow('keys must be an array');
		await expect(cache.getOrSetMany(['a', ''], () => [])).rejects.toThrow('key must not be empty');
	});

	it('reloads in the background what has little of its TTL left, and stops waiting when its signal is aborted', async () => {
		const cache = await openCache();
		await cache.set('a', 1);
		const {calls, load} = countedLoader(() => 2);
		expect((await cache.getOrSetMany(['a'], load, {refreshAhead: 1})).get('a')).toBe(1);
		await until(async () => (await cache.get('a')) === 2, 'it is reloaded');
		expect(calls).toEqual([['a']]);
		const {promise, open} = gate<[string, number][]>();
		const controller = new AbortController();
		const waiting = settle(cache.getOrSetMany(['b'], () => promise, {signal: controller.signal}));
		await until(() => cache.stats().counters.loads === 2, 'the load runs');
		controller.abort(new Error('given up'));
		expect((await waiting).error).toMatchObject({message: 'given up'});
		open([['b', 3]]);
		await until(async () => (await cache.get('b')) === 3, 'the load has gone on');
	});

	it('is one of the loads that may run at once', async () => {
		const cache = await openCache({loader: {concurrency: 1}});
		const {promise, open} = gate<[string, number][]>();
		const many = cache.getOrSetMany(['a', 'b'], () => promise);
		await until(() => cache.stats().counters.loads === 2, 'the load runs');
		expect((await settle(cache.getOrSet('c', () => 3))).error).toMatchObject({code: 'ERR_LOAD_QUEUE_FULL'});
		expect((await settle(cache.getOrSetMany(['d'], () => []))).error).toMatchObject({code: 'ERR_LOAD_QUEUE_FULL'});
		open([['a', 1]]);
		expect(await many).toEqual(new Map([['a', 1]]));
		expect(await cache.getOrSet('c', () => 3)).toBe(3);
	});
});
