import {describe, expect, it} from 'vitest';
import type {CacheOptions, InvalidateOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {
	untilConnectedAndReconciled,
	untilFallback,
	untilInvalidated,
	untilStored,
	untilTracking,
} from '../support/states.js';

const fixture = redisFixture();

/** On a busy machine a missed deadline would make a load one without a lease. */
const patient = {deadline: '2s'} as const;

const openCache = (options: CacheOptions = {}) => fixture.open({...patient, ...options});

type Invalidate = (cache: RedisCache, options?: InvalidateOptions) => Promise<unknown>;

/** Each way to invalidate the key `k`, which has the tag `t`. */
const ways: Readonly<Record<string, Invalidate>> = {
	delete: (cache, options) => cache.delete('k', options),
	deleteMany: (cache, options) => cache.deleteMany(['k'], options),
	invalidateTags: (cache, options) => cache.invalidateTags(['t'], options),
	clear: (cache, options) => cache.clear(options),
};

const soft = {soft: true};
const failing = () => Promise.reject(new Error('no database'));
const options = {ttl: '1h', grace: '1m', tags: ['t']} as const;

describe.each(Object.entries(ways))('%s with soft', (name, invalidate) => {
	it('makes a value stale in all processes: a miss, served when its loader fails or is slow', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		await cache.set('k', 'old', options);
		await cache.set('else', 'fresh', {grace: '1m'});
		expect(await other.get('k')).toBe('old');
		expect(await invalidate(cache, soft)).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBeUndefined();
		await untilInvalidated(other, fixture.raw);
		for (const each of [cache, other]) {
			expect(await each.get('k')).toBeUndefined();
			expect(await each.getOrSet('k', failing)).toBe('old');
			const {promise, fail} = gate<string>();
			promise.catch(() => {});
			expect(await each.getOrSet('k', () => promise, {softTimeout: 1})).toBe('old');
			fail(new Error('too slow'));
		}
		if (name !== 'clear') expect(await other.get('else')).toBe('fresh');
	});

	it('leaves a value that a read finds with stale', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		await cache.set('k', 'old', options);
		await invalidate(cache, soft);
		for (const each of [cache, other]) {
			expect(await each.getEntry('k', {stale: true})).toMatchObject({value: 'old', stale: true});
			expect(await each.get('k', {stale: true})).toBe('old');
			expect(await each.getMany(['k', 'none'], {stale: true})).toEqual(new Map([['k', 'old']]));
			expect(await each.getEntry('k')).toBeUndefined();
		}
		await invalidate(cache);
		expect(await other.get('k', {stale: true})).toBeUndefined();
	});

	it('ends with the next load', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		await cache.set('k', 'old', options);
		await invalidate(cache, soft);
		expect(await other.getOrSet('k', ({stale}) => ({was: stale?.value}), options)).toEqual({was: 'old'});
		await untilStored(other);
		expect(await cache.get('k')).toEqual({was: 'old'});
		expect(await other.get('k')).toEqual({was: 'old'});
	});

	it('keeps a value that is not modified', async () => {
		const cache = await openCache();
		await cache.set('k', 'old', options);
		await invalidate(cache, soft);
		expect(await cache.getOrSet('k', ({keep}) => keep())).toBe('old');
		await untilStored(cache);
		expect(await cache.getEntry('k')).toMatchObject({value: 'old', stale: false});
		await invalidate(cache);
		expect(await cache.getOrSet('k', () => 'new')).toBe('new');
	});

	it('serves the value no longer than its grace, counted from the first of several', async () => {
		const cache = await openCache();
		await cache.set('k', 'old', {...options, grace: 150});
		await invalidate(cache, soft);
		let last: string | undefined;
		await until(async () => {
			await invalidate(cache, soft);
			last = (await settle(cache.getOrSet('k', failing))).value;
			return last === undefined;
		}, 'its grace is over');
	});

	it('removes a value without grace', async () => {
		const cache = await openCache();
		await cache.set('k', 'old', {ttl: '1h', grace: 0, tags: ['t']});
		await invalidate(cache, soft);
		expect((await settle(cache.getOrSet('k', failing))).error).toMatchObject({message: 'no database'});
	});

	it('is outdone by a later one that is not soft', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		for (const hard of Object.values(ways)) {
			await cache.set('k', 'old', options);
			await other.get('k');
			await invalidate(cache, soft);
			await hard(other);
			await untilInvalidated(cache, fixture.raw);
			for (const each of [cache, other])
				expect((await settle(each.getOrSet('k', failing))).error).toMatchObject({message: 'no database'});
			// And in that order: what was removed does not come back.
			await invalidate(cache, soft);
			for (const each of [cache, other])
				expect((await settle(each.getOrSet('k', failing))).error).toMatchObject({message: 'no database'});
		}
	});

	it('keeps a loader that has read the old row from storing a fresh value', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		const {promise, open} = gate<string>();
		const loading = cache.getOrSet('k', () => promise, options);
		await until(() => cache.stats().counters.loads === 1, 'the load runs');
		await invalidate(other, soft);
		open('old row');
		expect(await loading).toBe('old row');
		await untilStored(cache);
		await untilInvalidated(cache, fixture.raw);
		for (const each of [cache, other]) expect(await each.get('k')).toBeUndefined();
		expect(await cache.getOrSet('k', () => 'new row', options)).toBe('new row');
		await untilStored(cache);
		expect(await other.get('k')).toBe('new row');
	});

	it('that does not reach Redis removes the value there, and tells so', async () => {
		const proxy = await fixture.proxy();
		const [cache, other] = [await fixture.openBehind(proxy, patient), await openCache()];
		await cache.set('k', 'old', options);
		await other.get('k');
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		expect(await invalidate(cache, soft)).toEqual({stored: 'memory'});
		const own = await settle(cache.getOrSet('k', failing));
		expect(own.value).toBe(name.startsWith('delete') ? 'old' : undefined);
		proxy.heal();
		await untilConnectedAndReconciled(cache);
		await untilInvalidated(other, fixture.raw);
		for (const each of [cache, other])
			expect((await settle(each.getOrSet('k', failing))).error).toMatchObject({message: 'no database'});
	});

	it('without memory works as with it', async () => {
		const cache = await openCache({memory: false});
		await cache.set('k', 'old', options);
		await invalidate(cache, soft);
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.getOrSet('k', failing)).toBe('old');
	});
});

describe('soft invalidations', () => {
	it('in a row, with values of several ages, leave each value stale since the first that concerns it', async () => {
		const cache = await openCache();
		for (const invalidate of [ways.invalidateTags, ways.clear] as Invalidate[]) {
			for (let round = 0; round < 4; round++) {
				await cache.set(`k${round}`, round, options);
				await invalidate(cache, soft);
			}
			for (let round = 0; round < 4; round++) {
				expect(await cache.get(`k${round}`)).toBeUndefined();
				expect(await cache.getOrSet(`k${round}`, failing)).toBe(round);
			}
			// More than four are not remembered: the oldest values are misses then.
			await invalidate(cache, soft);
			expect((await settle(cache.getOrSet('k0', failing))).error).toMatchObject({message: 'no database'});
			expect(await cache.getOrSet('k1', failing)).toBe(1);
			await invalidate(cache);
			expect((await settle(cache.getOrSet('k1', failing))).error).toMatchObject({message: 'no database'});
		}
	});

	it('of one tag leave values with it and another tag stale, and the marker longer lived than they are', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		await cache.set('k', 'old', {...options, tags: ['a', 'b']});
		await cache.invalidateTags(['a'], soft);
		expect(await other.getOrSet('k', failing)).toBe('old');
		await cache.set('l', 'new', {...options, tags: ['a', 'b']});
		expect(await other.get('l')).toBe('new');
		expect(await fixture.raw.pttl('rct:!{default}:a')).toBeGreaterThan(3_600_000);
		await cache.invalidateTags(['b']);
		expect((await settle(other.getOrSet('k', failing))).error).toMatchObject({message: 'no database'});
	});

	it('of a key that is read before Redis has executed them leave nothing fresh in memory', async () => {
		const cache = await openCache();
		const proxy = await fixture.proxy();
		for (const outage of ['refuse', 'blackhole'] as const) {
			await cache.set('k', 'old', {grace: '1m'});
			const behind = await fixture.openBehind(proxy, {deadline: 300});
			await untilTracking(behind);
			// Writes wait, and so do reads on their lane, but not those on the others.
			await fixture.raw.call('CLIENT', 'PAUSE', outage === 'refuse' ? '100' : '1000', 'WRITE');
			const deleting = behind.delete('k', soft);
			const reads = Array.from({length: 5}, async (_, index) => {
				await new Promise((resolve) => setTimeout(resolve, 2 * index));
				expect(await behind.get('k')).toBe('old');
			});
			await Promise.any(reads);
			if (outage === 'blackhole') proxy.add({kind: outage});
			expect(await deleting).toEqual({stored: outage === 'refuse' ? 'redis' : 'memory'});
			if (outage === 'refuse') proxy.add({kind: outage});
			await untilFallback(behind);
			// On a busy machine pings are late as well: a value that came in such a gap is not kept at all.
			const kept = await behind.getEntry('k');
			if (kept !== undefined) expect(kept).toMatchObject({value: 'old', stale: true});
			expect(await behind.getOrSet('k', () => 'new')).toBe('new');
			await fixture.raw.call('CLIENT', 'UNPAUSE');
			proxy.heal();
		}
	});

	it('of a key that was set by a call on its way remove it', async () => {
		const cache = await openCache();
		const setting = cache.set('k', 'old', options);
		const deleting = cache.delete('k', soft);
		await Promise.all([setting, deleting]);
		expect(await cache.get('k')).toBeUndefined();
	});
});
