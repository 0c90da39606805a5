import {describe, expect, it} from 'vitest';
import type {CacheOptions, LoaderContext} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilStored} from '../support/states.js';

const fixture = redisFixture();

/** On a busy machine a missed deadline would make a load one without a lease. */
const patient = {deadline: '2s'} as const;

const openCache = (options: CacheOptions = {}) => fixture.open({...patient, ...options});

const full = {code: 'ERR_LOAD_QUEUE_FULL', name: 'LoadQueueFullError'};

describe('loader.concurrency', () => {
	it('rejects loads beyond it, does not call their loaders, and leaves no lease behind', async () => {
		const [cache, other] = [await openCache({loader: {concurrency: 2}}), await openCache()];
		const {promise, open} = gate<number>();
		const running = ['a', 'b'].map((key) => cache.getOrSet(key, () => promise));
		await until(() => cache.stats().counters.loads === 2, 'both run');
		let calls = 0;
		const {error} = await settle(cache.getOrSet('c', () => ++calls));
		expect(error).toMatchObject({
			...full,
			key: 'c',
			message:
				'"c" was not loaded: 2 loaders run and 0 loads wait already; try again, or raise loader.concurrency or loader.queue',
		});
		expect(calls).toBe(0);
		// Callers of a key that is being loaded join as before, and another process is not kept waiting.
		const joined = cache.getOrSet('a', () => ++calls);
		const elsewhere = await settle(other.getOrSet('c', () => 'loaded elsewhere'));
		expect(elsewhere.value).toBe('loaded elsewhere');
		open(1);
		expect(await Promise.all([...running, joined])).toEqual([1, 1, 1]);
		expect(await cache.getOrSet('d', () => 4)).toBe(4);
		expect(calls).toBe(0);
	});

	it('beyond it a stale value is served within grace', async () => {
		const cache = await openCache({loader: {concurrency: 1}});
		await cache.set('stale', 'old', {ttl: 1, grace: '1m'});
		await until(async () => (await cache.get('stale')) === undefined, 'it is stale');
		const {promise, open} = gate<number>();
		const running = cache.getOrSet('a', () => promise);
		await until(() => cache.stats().counters.loads === 1, 'the first load runs');
		expect(await cache.getOrSet('stale', () => 'new')).toBe('old');
		open(1);
		await running;
		expect(await cache.getOrSet('stale', () => 'new')).toBe('new');
	});

	it('with a queue, loads wait for their turn in order, within their hard timeout', async () => {
		const cache = await openCache({loader: {concurrency: 1, queue: 2}});
		const {promise, open} = gate<number>();
		const order: string[] = [];
		const load = ({key}: LoaderContext) => {
			order.push(key);
			return key === 'a' ? promise : 1;
		};
		const running = cache.getOrSet('a', load);
		await until(() => order.length === 1, 'the first load runs');
		const waiting = settle(cache.getOrSet('b', load));
		const impatient = await settle(cache.getOrSet('c', load, {hardTimeout: 20}));
		expect(impatient.error).toMatchObject({code: 'ERR_LOADER_TIMEOUT'});
		// The one that has given up has left the queue.
		const next = settle(cache.getOrSet('d', load));
		await until(() => cache.internals.parts.slots.snapshot().waiting === 2, 'both wait');
		expect((await settle(cache.getOrSet('e', load))).error).toMatchObject(full);
		expect((await settle(cache.getOrSetMany(['f', 'g'], () => []))).error).toMatchObject(full);
		expect(cache.stats()).toMatchObject({
			loads: {running: 1, waiting: 2, maxRunning: 1, maxWaiting: 2},
			counters: {loadsRejected: 2},
		});
		const text = await cache.prometheus();
		for (const line of [
			'loads_running 1',
			'loads_waiting 2',
			'loads_max_running 1',
			'loads_max_waiting 2',
			'loads_rejected_total 2',
		])
			expect(text).toContain(`redis_cache_${line}\n`);
		open(1);
		expect([await running, (await waiting).value, (await next).value]).toEqual([1, 1, 1]);
		expect(order).toEqual(['a', 'b', 'd']);
		await until(() => cache.stats().loads.running === 0, 'no loader runs');
	});

	it('a loader that never returns gives its place back after its hard timeout', async () => {
		const cache = await openCache({loader: {concurrency: 1, hardTimeout: 30}});
		const {error} = await settle(cache.getOrSet('a', () => new Promise(() => {})));
		expect(error).toMatchObject({code: 'ERR_LOADER_TIMEOUT'});
		expect(await cache.getOrSet('b', () => 1)).toBe(1);
		expect((await settle(cache.getOrSet('c', () => Promise.reject(new Error('no'))))).error).toMatchObject({
			message: 'no',
		});
		expect(await cache.getOrSet('c', () => 2)).toBe(2);
	});

	it('closing the cache rejects loads that wait', async () => {
		const cache = await openCache({loader: {concurrency: 1, queue: 1}});
		const {promise} = gate<number>();
		const calls = ['a', 'b'].map((key) => settle(cache.getOrSet(key, () => promise)));
		await until(() => cache.internals.parts.slots.snapshot().waiting === 1, 'one of them waits');
		await cache.close();
		for (const {error} of await Promise.all(calls)) expect(error).toMatchObject({code: 'ERR_CLOSED'});
	});

	it('has bounds', () => {
		for (const loader of [{concurrency: 0}, {concurrency: 1.5}, {queue: -1}, {retryAfter: -1}])
			expect(() => fixture.create({loader})).toThrow(/^(loader\.\w+ )/);
	});
});

describe('loader.retryAfter', () => {
	it('a failing loader is not called again for each caller within grace', async () => {
		const cache = await openCache({loader: {retryAfter: '1m'}, ttl: {grace: '1m'}});
		await cache.set('k', 'old', {ttl: 1});
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		let calls = 0;
		const failing = () => {
			calls++;
			throw new Error('no database');
		};
		for (let caller = 0; caller < 5; caller++) expect(await cache.getOrSet('k', failing)).toBe('old');
		expect((await cache.getOrSetMany(['k'], failing)).get('k')).toBe('old');
		expect(calls).toBe(1);
		expect(cache.stats().counters).toMatchObject({loads: 1, loadsPaused: 5, hitsStale: 6});
		// A call that asks for the current value loads in the pause, and its success ends it.
		expect(await cache.getOrSet('k', () => 'new', {fresh: true, ttl: 1})).toBe('new');
		await untilStored(cache);
		await until(async () => (await cache.get('k')) === undefined, 'it is stale again');
		expect(await cache.getOrSet('k', () => 'newer')).toBe('newer');
	});

	it('a caller without a stale value needs a value: its loader is called', async () => {
		const cache = await openCache({loader: {retryAfter: '1m'}});
		let calls = 0;
		const failing = () => {
			calls++;
			throw new Error('no database');
		};
		for (let caller = 0; caller < 3; caller++)
			expect((await settle(cache.getOrSet('k', failing))).error).toMatchObject({message: 'no database'});
		expect(calls).toBe(3);
	});

	it('ends', async () => {
		const cache = await openCache({loader: {retryAfter: 50}, ttl: {grace: '1m'}});
		await cache.set('k', 'old', {ttl: 1});
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		const failing = () => Promise.reject(new Error('no database'));
		expect(await cache.getOrSet('k', failing)).toBe('old');
		await until(async () => (await cache.getOrSet('k', () => 'new')) === 'new', 'it is loaded again');
	});
});
