import {describe, expect, it} from 'vitest';
import type {CacheOptions, LoadEvent, StaleValue} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilFallback, untilStored} from '../support/states.js';

const fixture = redisFixture();

/** On a busy machine a missed deadline would make a load one without a lease. */
const patient = {deadline: '2s'} as const;

const openCache = (options: CacheOptions = {}) => fixture.open({...patient, ...options});

describe('a loader sees what it replaces', () => {
	it('a stale value with its age, and nothing where there is none', async () => {
		const cache = await openCache({ttl: {grace: '1m'}});
		const seen: (StaleValue | undefined)[] = [];
		const load = ({stale}: {stale: StaleValue | undefined}) => {
			seen.push(stale);
			return {etag: 1};
		};
		await cache.getOrSet('k', load, {ttl: 20});
		await untilStored(cache);
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		await cache.getOrSet('k', load);
		await untilStored(cache);
		await cache.getOrSet('k', load, {fresh: true});
		expect(seen).toEqual([
			undefined,
			{value: {etag: 1}, ageMs: expect.any(Number)},
			{value: {etag: 1}, ageMs: expect.any(Number)},
		]);
		expect(seen[1]?.ageMs).toBeGreaterThanOrEqual(20);
	});

	it('with refreshAhead the fresh one', async () => {
		const cache = await openCache();
		await cache.set('k', 1);
		const ages: unknown[] = [];
		await cache.getOrSet(
			'k',
			({stale, keep}) => {
				ages.push(stale?.value);
				return keep();
			},
			{refreshAhead: 1},
		);
		await until(() => ages.length === 1, 'it is refreshed');
		expect(ages).toEqual([1]);
	});

	it('nothing past its grace', async () => {
		const cache = await openCache();
		await cache.set('k', 1, {ttl: 1, grace: 1});
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'it is gone');
		expect(await cache.getOrSet('k', ({stale}) => stale === undefined)).toBe(true);
	});
});

describe('keep', () => {
	it('renews the value with the TTL, the grace and the tags that it was given', async () => {
		const [cache, other] = [await openCache({ttl: {jitter: 0}}), await openCache()];
		const outcomes: LoadEvent['outcome'][] = [];
		cache.on('load', ({outcome}) => outcomes.push(outcome));
		await cache.getOrSet(
			'k',
			({setOptions}) => {
				setOptions({ttl: '5s', grace: '2m', tags: ['blue']});
				return 'value';
			},
			{ttl: '1h'},
		);
		await untilStored(cache);
		const before = await other.getEntry('k');
		const wasSetAt = await fixture.raw.getrange('rct:default:k', 24, 39);
		expect(await cache.getOrSet('k', ({keep}) => keep(), {fresh: true, ttl: '1h'})).toBe('value');
		await untilStored(cache);
		expect(outcomes).toEqual(['loaded', 'kept']);
		const after = await other.getEntry('k');
		expect(after).toMatchObject({value: 'value', stale: false});
		expect(after?.ttlMs).toBeGreaterThan(0);
		expect(after?.ttlMs).toBeLessThanOrEqual(5000);
		expect(before?.value).toBe('value');
		expect((await fixture.raw.getrange('rct:default:k', 24, 39)) > wasSetAt).toBe(true);
		expect(await fixture.raw.pttl('rct:default:k')).toBeGreaterThan(120_000);
		await other.invalidateTags(['blue']);
		expect(await other.get('k')).toBeUndefined();
		await until(async () => (await cache.get('k')) === undefined, 'its tag has stayed');
	});

	it('takes other options, from `keep` or from `setOptions`', async () => {
		const cache = await openCache();
		await cache.set('k', 'value', {ttl: 1, grace: '1m', tags: ['blue']});
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		await cache.getOrSet('k', ({setOptions, keep}) => {
			setOptions({ttl: '2m'});
			return keep({tags: ['red']});
		});
		await untilStored(cache);
		expect(await cache.ttl('k')).toBeGreaterThan(60_000);
		await cache.invalidateTags(['blue']);
		expect(await cache.get('k')).toBe('value');
		await cache.invalidateTags(['red']);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('is not stored if the key was deleted meanwhile', async () => {
		const [cache, other] = [await openCache(), await openCache()];
		await cache.set('k', 'old', {ttl: 1, grace: '1m'});
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		const {promise, open} = gate();
		const keeping = cache.getOrSet('k', async ({keep}) => {
			await promise;
			return keep();
		});
		await until(() => cache.stats().counters.loads === 1, 'the load runs');
		await other.delete('k');
		open();
		expect(await keeping).toBe('old');
		expect(await other.get('k')).toBeUndefined();
		expect(await cache.get('k')).toBeUndefined();
	});

	it('works in fallback', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {...patient, ttl: {grace: '1m'}});
		await cache.set('k', 'value', {ttl: 20});
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		await until(async () => (await cache.getEntry('k'))?.stale === true, 'it is stale');
		expect(await cache.getOrSet('k', ({keep}) => keep({ttl: '1m'}))).toBe('value');
		expect(await cache.getEntry('k')).toMatchObject({value: 'value', stale: false});
	});

	it('without a value to keep, or with an option that does not exist, is an error of the load', async () => {
		const cache = await openCache();
		expect((await settle(cache.getOrSet('k', ({keep}) => keep()))).error).toMatchObject({
			code: 'ERR_INVALID_ARGUMENT',
			message: 'keep: there is no value of "k" to keep; check stale first',
		});
		await cache.set('k', 1);
		const wrong = {tll: 1} as never;
		expect((await settle(cache.getOrSet('k', ({keep}) => keep(wrong), {fresh: true}))).error).toMatchObject({
			message: 'keep has no option "tll": did you mean ttl?',
		});
		// A result of `keep` that is not returned has no effect.
		const other = ({keep}: {keep(): never}) => {
			keep();
			return 2;
		};
		expect(await cache.getOrSet('k', other, {fresh: true})).toBe(2);
	});
});
