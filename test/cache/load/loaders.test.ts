import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {LoaderTimeoutError} from '../../../source/cache/api/errors.js';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilConnected} from '../support/states.js';

const fixture = redisFixture();

const stale = {ttl: 1, grace: '1h'} as const;

describe('a loader', () => {
	it('gets the key and a signal, may be synchronous, and its value is stored for all processes', async () => {
		const cache = await fixture.open();
		const seen: unknown[] = [];
		const value = await cache.getOrSet('k', ({key, signal}) => {
			seen.push(key, signal.aborted);
			return 42;
		});
		expect(value).toBe(42);
		expect(seen).toEqual(['k', false]);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 1, 'it is in Redis');
		expect(await (await fixture.open()).getOrSet('k', () => 'not asked')).toBe(42);
	});

	it('that throws synchronously, or rejects with something other than an Error, makes the call reject with just that', async () => {
		const cache = await fixture.open();
		const thrown = new Error('at once');
		expect((await settle(cache.getOrSet('k', () => fail(thrown)))).error).toBe(thrown);
		expect((await settle(cache.getOrSet('k', () => Promise.reject('text')))).error).toBe('text');
		expect(await cache.getOrSet('k', () => 'fine')).toBe('fine');
		expect(cache.stats().counters).toMatchObject({loads: 3, loadErrors: 2});
	});

	it('past its soft timeout goes on in the background while the stale value is served', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old', stale);
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		const {promise, open} = gate<string>();
		const began = performance.now();
		// Only the soft timeout can settle it, since the load ends after that.
		expect(await cache.getOrSet('k', () => promise, {softTimeout: 50})).toBe('old');
		// Not in loop time: that may stand still meanwhile, and timers do not.
		expect(performance.now() - began).toBeGreaterThan(48);
		open('new');
		await until(async () => (await cache.get('k')) === 'new', 'the new value is there');
	});

	it('past its soft timeout is waited for if there is no stale value', async () => {
		const cache = await fixture.open({loader: {softTimeout: 10}});
		const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('late'), 60));
		expect(await cache.getOrSet('k', slow)).toBe('late');
	});

	it('past its hard timeout is aborted; the stale value is served, or the call rejects', async () => {
		const cache = await fixture.open({loader: {hardTimeout: 60}});
		const signals: AbortSignal[] = [];
		const stuck = ({signal}: {signal: AbortSignal}) => {
			signals.push(signal);
			return new Promise<string>(() => {});
		};
		const {error} = await settle(cache.getOrSet('k', stuck));
		expect(error).toBeInstanceOf(LoaderTimeoutError);
		expect(error).toMatchObject({code: 'ERR_LOADER_TIMEOUT', key: 'k', timeoutMs: 60});
		expect(signals[0]?.reason).toBe(error);
		await cache.set('l', 'old', stale);
		await until(async () => (await cache.get('l')) === undefined, 'it is stale');
		expect(await cache.getOrSet('l', stuck)).toBe('old');
		expect(signals[1]?.aborted).toBe(true);
	});

	it('that returns after its hard timeout is not stored', async () => {
		const cache = await fixture.open();
		const {promise, open} = gate<string>();
		expect((await settle(cache.getOrSet('k', () => promise, {hardTimeout: 30}))).error).toBeInstanceOf(
			LoaderTimeoutError,
		);
		open('too late');
		expect(await cache.getOrSet('k', () => 'in time')).toBe('in time');
		expect(await cache.get('k')).toBe('in time');
	});

	it('does not run for a caller with an aborted signal or an invalid key', async () => {
		const cache = await fixture.open();
		let loads = 0;
		const load = () => ++loads;
		const reason = new Error('gone');
		expect((await settle(cache.getOrSet('k', load, {signal: AbortSignal.abort(reason)}))).error).toBe(reason);
		expect((await settle(cache.getOrSet('', load))).error).toMatchObject({code: 'ERR_INVALID_KEY'});
		expect(loads).toBe(0);
	});

	it('goes on when its caller gives up, and its value is stored', async () => {
		const cache = await fixture.open();
		const {promise, open} = gate<string>();
		let begun = false;
		const controller = new AbortController();
		const call = settle(
			cache.getOrSet(
				'k',
				() => {
					begun = true;
					return promise;
				},
				{signal: controller.signal},
			),
		);
		await until(() => begun, 'the load runs');
		controller.abort();
		expect((await call).error).toMatchObject({name: 'AbortError'});
		open('value');
		await until(async () => (await cache.get('k')) === 'value', 'it is stored');
	});

	it('may use the cache itself', async () => {
		const cache = await fixture.open();
		const value = await cache.getOrSet('outer', async () => {
			const inner = await cache.getOrSet('inner', () => 'i');
			await cache.set('side', 's');
			return `o${inner}`;
		});
		expect(value).toBe('oi');
		expect(await cache.getMany(['outer', 'inner', 'side'])).toEqual(
			new Map([
				['outer', 'oi'],
				['inner', 'i'],
				['side', 's'],
			]),
		);
	});

	it('with the option fresh runs although there is a value, and replaces it for all processes', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('k', 'old');
		expect(await other.get('k')).toBe('old');
		expect(await cache.getOrSet('k', () => 'new', {fresh: true})).toBe('new');
		await until(async () => (await other.get('k')) === 'new', 'the other has it');
		expect(await cache.get('k')).toBe('new');
	});

	it.each([
		['too large', 'x'.repeat(2000)],
		['not encodable', 10n],
	])(
		'whose value is %s to be stored gives it to its caller, with an event, and what was there before goes',
		async (_why, value) => {
			const cache = await fixture.open({maxValueBytes: 1000});
			const errors: string[] = [];
			cache.on('error', ({operation, error}) => errors.push(`${operation} ${'code' in error ? error.code : ''}`));
			expect(await cache.getOrSet('k', () => value)).toBe(value);
			await cache.set('l', 'old', {ttl: 1, grace: '1h'});
			await until(async () => (await cache.get('l')) === undefined, 'it is stale');
			expect(await cache.getOrSet('l', () => value, {grace: '1h'})).toBe(value);
			await cache.set('m', 'old');
			expect(await cache.getOrSet('m', () => value, {fresh: true})).toBe(value);
			expect(errors).toEqual(Array(3).fill('fill ERR_INVALID_VALUE'));
			const other = await fixture.open();
			for (const key of ['k', 'l', 'm']) {
				expect(await cache.get(key)).toBeUndefined();
				expect(await other.getOrSet(key, () => 'loaded again')).toBe('loaded again');
			}
		},
	);

	it('whose value cannot be stored is no failure without Redis either', async () => {
		const cache = fixture.create({url: 'redis://127.0.0.1:1', maxValueBytes: 1000});
		await cache.set('k', 'old', {ttl: 1, grace: '1h'});
		await until(async () => (await cache.getEntry('k'))?.stale === true, 'it is stale');
		expect(await cache.getOrSet('k', () => 'x'.repeat(2000))).toHaveLength(2000);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('runs for a key that is too long, once for all callers, and its value is not stored', async () => {
		const cache = await fixture.open();
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation} ${error.message}`));
		const key = 'k'.repeat(600);
		let loads = 0;
		const load = async () => ++loads;
		// A load without a lease is only joined while it is young: on a busy machine the second caller may come too late.
		await until(async () => {
			loads = 0;
			const both = await Promise.all([cache.getOrSet(key, load), cache.getOrSet(key, load)]);
			return both.join() === '1,1';
		}, 'both callers share a load');
		// On a busy machine there may be others, as of a heartbeat without an answer.
		expect(errors).toContainEqual(expect.stringMatching(/^fill key "k+…" is longer than 512 bytes$/));
		await until(() => cache.internals.parts.flights.size === 0, 'the load is over');
		expect(await cache.getOrSet(key, load)).toBe(2);
		expect(cache.stats().memory.entries).toBe(0);
		expect(await fixture.raw.keys('*k'.repeat(9))).toEqual([]);
	});

	it.each([
		['fails', () => Promise.reject(new Error('no')), {}, 'no'],
		['takes too long', () => new Promise<never>(() => {}), {hardTimeout: 30}, 'did not return within 30 ms'],
		[
			'takes longer than the soft timeout',
			() => new Promise<never>(() => {}),
			{softTimeout: 5, hardTimeout: 40},
			'within 40 ms',
		],
	])('with the option fresh that %s gives no value that has no grace', async (_how, load, options, message) => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('k', 'old', {grace: 0});
		await cache.set('l', 'old', {grace: '1h'});
		for (const each of [cache, other]) {
			expect((await settle(each.getOrSet('k', load, {...options, fresh: true}))).error).toMatchObject({
				message: expect.stringContaining(message),
			});
			expect(await each.getOrSet('l', load, {...options, fresh: true})).toBe('old');
		}
	});

	it('that fails after the grace has passed gives no stale value', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old', {ttl: 1, grace: 300});
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		const {error} = await settle(
			cache.getOrSet('k', async () => {
				await sleep(350);
				throw new Error('no');
			}),
		);
		expect(error).toMatchObject({message: 'no'});
	});

	it('with the option fresh leaves the old value if it fails', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old');
		await settle(cache.getOrSet('k', () => Promise.reject(new Error('no')), {fresh: true}));
		expect(await cache.get('k')).toBe('old');
	});

	it('runs if Redis is full, away, or does not answer', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('warm', 1);
		for (const fault of [
			{kind: 'error', error: 'OOM'},
			{kind: 'error', error: 'READONLY'},
			{kind: 'error', error: 'LOADING'},
			{kind: 'blackhole'},
			{kind: 'reset'},
			{kind: 'refuse'},
		] as const) {
			const active = proxy.add(fault);
			const {value, ms} = await settle(cache.getOrSet(`k ${JSON.stringify(fault)}`, () => 'loaded'));
			expect(value).toBe('loaded');
			expect(ms).toBeLessThan(1500);
			proxy.lift(active.id);
			await untilConnected(cache);
		}
	});

	it('that is slow keeps its lease: another process waits for it instead of loading', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		let loads = 0;
		const slow = async () => {
			loads++;
			await new Promise((resolve) => setTimeout(resolve, 1500));
			return loads;
		};
		const first = cache.getOrSet('k', slow);
		await until(() => loads === 1, 'the load runs');
		expect(await Promise.all([first, other.getOrSet('k', slow)])).toEqual([1, 1]);
		expect(loads).toBe(1);
	});
});

function fail(error: Error): never {
	throw error;
}

describe('a load that fails after the stale value was served', () => {
	it('is counted as one stale hit', async () => {
		const cache = await fixture.open({ttl: {default: 50, grace: '1m', jitter: 0}});
		await cache.set('k', 'value');
		await sleep(80);
		const load = async () => {
			await sleep(60);
			throw new Error('the database is away');
		};
		expect(await cache.getOrSet('k', load, {softTimeout: 20})).toBe('value');
		await until(() => cache.stats().counters.loadErrors === 1, 'failed');
		await sleep(10);
		expect(cache.stats().counters.hitsStale).toBe(1);
	});
});

it('a hard timeout of 30 days or more does not fire at once', async () => {
	const options: CacheOptions = {loader: {hardTimeout: Number.POSITIVE_INFINITY}};
	const cache = await fixture.open(options);
	const slowly = () => new Promise((resolve) => setTimeout(resolve, 20, 'value'));
	expect(await cache.getOrSet('a', slowly)).toBe('value');
	expect(await cache.getOrSet('b', slowly, {hardTimeout: '30d'})).toBe('value');
});
