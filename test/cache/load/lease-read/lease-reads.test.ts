import {describe, expect, it, vi} from 'vitest';
import type {CacheOptions} from '../../../../source/cache/api/types.js';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {leaseReadScript} from '../../../../source/cache/scripts/lease-read-script.js';
import {PromisedCall} from '../../../../source/cache/scripts/script-call.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {gate} from '../../../support/gate.js';
import {startTap} from '../../../support/tap.js';
import {until} from '../../../support/until.js';
import {mayReadWithLease, untilInvalidated, untilMayReadWithLease, untilStored} from '../../support/states.js';

const fixture = redisFixture();
const key = 'rct:default:k';

/** A cache that expects each read of a load to miss. */
const open = async (options: CacheOptions = {}): Promise<RedisCache> => {
	const cache = await fixture.open({ttl: {default: '1h', jitter: 0}, ...options});
	await until(() => cache.internals.parts.tracking.state.kind === 'tracking', 'Redis sends invalidations');
	await cache.set('warm', 1);
	await untilMayReadWithLease(cache, fixture.raw);
	vi.spyOn(cache.internals.parts.expectedMisses, 'expects').mockReturnValue(true);
	return cache;
};

const isLeased = async () => Number(await fixture.raw.getrange(key, 56, 71)) > 0;

describe('a lease that was granted with a read is given back', () => {
	it('if its caller has given up meanwhile', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false});
		const held = tap.holdReply(leaseReadScript.sha);
		const controller = new AbortController();
		let loads = 0;
		const value = cache.getOrSet('k', () => ++loads, {signal: controller.signal});
		await held.passed;
		await until(isLeased, 'the lease is granted');
		controller.abort(new Error('given up'));
		await expect(value).rejects.toThrow('given up');
		held.release();
		await until(async () => (await fixture.raw.exists(key)) === 0, 'it is given back');
		expect(loads).toBe(0);
	});

	it('if the loader has failed lately, and a stale value is served', async () => {
		const cache = await open({ttl: {default: 30, grace: '1h', jitter: 0}, loader: {retryAfter: '1h'}, memory: false});
		await cache.set('k', 'stale');
		await until(async () => (await cache.getEntry('k', {stale: true}))?.stale === true, 'it is stale');
		const {failedLoads} = cache.internals.parts;
		const {isResting} = failedLoads;
		// Another call fails while the answer is on its way.
		vi.spyOn(failedLoads, 'isResting')
			.mockReturnValueOnce(false)
			.mockImplementation(() => true);
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('stale');
		failedLoads.isResting = isResting;
		await until(async () => !(await isLeased()), 'it is given back');
	});

	it('of all keys of a `getOrSetMany` that was aborted', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false});
		const held = tap.holdReply(leaseReadScript.sha);
		const controller = new AbortController();
		const values = cache.getOrSetMany(['k', 'l', 'm'], () => [], {signal: controller.signal});
		await held.passed;
		controller.abort(new Error('given up'));
		await expect(values).rejects.toThrow('given up');
		held.release();
		await until(
			async () => (await fixture.raw.exists(key, 'rct:default:l', 'rct:default:m')) === 0,
			'all are given back',
		);
	});
});

describe('a lease that may have been granted with a read whose answer was lost is given back', () => {
	/**
	 * Missed deadlines neither replace the connection nor take Redis out of use. The lease is there until the deadline: long enough
	 * to be seen by a test that gets little processor time.
	 */
	const patient: CacheOptions = {deadline: '2s', pool: {missedDeadlines: 1000}, breaker: {consecutive: 1000, rate: 1}};
	const untilMissed = (cache: RedisCache) => until(() => cache.stats().counters.timeouts > 0, 'a missed deadline');

	it('if its caller has given up meanwhile', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false, ...patient});
		tap.holdReply(leaseReadScript.sha);
		const controller = new AbortController();
		const value = cache.getOrSet('k', () => 'loaded', {signal: controller.signal});
		await until(isLeased, 'the lease is granted');
		controller.abort(new Error('given up'));
		await expect(value).rejects.toThrow('given up');
		await untilMissed(cache);
		await until(async () => (await fixture.raw.exists(key)) === 0, 'it is given back');
	});

	it('if the call was a `getOrSetMany` that was aborted', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false, ...patient});
		tap.holdReply(leaseReadScript.sha);
		const controller = new AbortController();
		const values = cache.getOrSetMany(['k', 'l', 'm'], () => [], {signal: controller.signal});
		const keys = [key, 'rct:default:l', 'rct:default:m'];
		await until(async () => (await fixture.raw.exists(...keys)) === keys.length, 'the leases are granted');
		controller.abort(new Error('given up'));
		await expect(values).rejects.toThrow('given up');
		await untilMissed(cache);
		await until(async () => (await fixture.raw.exists(...keys)) === 0, 'all are given back');
	});

	it.each(['getOrSet', 'getOrSetMany'] as const)(
		'if the loader has failed lately, and a stale value is served by %s',
		async (call) => {
			const tap = await startTap(fixture.redis);
			const cache = await open({
				url: tap.url,
				ttl: {default: 30, grace: '1h', jitter: 0},
				loader: {retryAfter: '1h'},
				...patient,
			});
			await cache.set('k', 'stale');
			await until(async () => (await cache.getEntry('k', {stale: true}))?.stale === true, 'it is stale');
			// Another call fails while the answer is on its way.
			vi.spyOn(cache.internals.parts.failedLoads, 'isResting').mockReturnValueOnce(false).mockReturnValue(true);
			tap.holdReply(leaseReadScript.sha);
			const value =
				call === 'getOrSet'
					? cache.getOrSet('k', () => 'loaded')
					: cache.getOrSetMany(['k'], () => []).then((values) => values.get('k'));
			await until(isLeased, 'the lease is granted');
			expect(await value).toBe('stale');
			await until(async () => !(await isLeased()), 'it is given back');
		},
	);
});

describe('callers of a key whose lease is being asked for', () => {
	it('wait for its load, and start none', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false, deadline: '5s'});
		const held = tap.holdReply(leaseReadScript.sha, key);
		let loads = 0;
		const first = cache.getOrSet('k', () => ++loads);
		await held.passed;
		const second = cache.getOrSet('k', () => ++loads);
		const third = cache.getOrSetMany(['k'], ({keys}) => keys.map((each) => [each, ++loads] as const));
		held.release();
		expect(await first).toBe(1);
		expect(await second).toBe(1);
		expect((await third).get('k')).toBe(1);
	});

	it('do not get a value that it has found before they were called', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false, deadline: '5s'});
		await cache.set('k', 'old');
		await fixture.raw.config('RESETSTAT');
		const held = tap.holdReply(leaseReadScript.sha, key);
		const first = cache.getOrSet('k', () => 'new');
		await held.passed;
		await until(async () => (await fixture.raw.info('commandstats')).includes('cmdstat_evalsha'), 'Redis has answered');
		await fixture.raw.del(key);
		const second = cache.getOrSet('k', () => 'new');
		held.release();
		expect(await first).toBe('old');
		expect(await second).toBe('new');
	});

	it('load by themselves if this process has changed the key meanwhile', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false, deadline: '5s'});
		const held = tap.holdReply(leaseReadScript.sha, key);
		const {promise, open: finish} = gate<string>();
		const first = cache.getOrSet('k', () => promise);
		await held.passed;
		const deleted = cache.delete('k');
		held.release();
		await deleted;
		expect(await cache.getOrSet('k', () => 'after')).toBe('after');
		finish('before');
		expect(await first).toBe('before');
		await untilStored(cache);
		expect(await cache.get('k')).toBe('after');
	});

	it('are not refused because the one that asks is strict', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false});
		tap.strand(leaseReadScript.sha);
		const strict = cache.getOrSet('k', () => 'strict', {strict: true});
		const other = cache.getOrSet('k', () => 'loaded');
		await expect(strict).rejects.toThrow();
		expect(await other).toBe('loaded');
	});
});

describe('a read with a lease', () => {
	it('whose answer was lost is repeated as the same request, so that there is one load, and it is stored', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({
			url: tap.url,
			memory: false,
			pool: {missedDeadlines: 1000},
			breaker: {consecutive: 1000, rate: 1},
		});
		const {pool} = cache.internals;
		const onOtherLane = Array.from({length: 32}, (_, index) => `other:${index}`).filter(
			(other) => pool.laneOf(`rct:default:${other}`) !== pool.laneOf(key),
		);
		const held = tap.holdReply(leaseReadScript.sha);
		let loads = 0;
		const value = cache.getOrSet('k', () => `load ${++loads}`);
		await held.passed;
		await until(async () => {
			await Promise.all(onOtherLane.map((other) => cache.set(other, 1)));
			return cache.stats().counters.timeouts > 0;
		}, 'a missed deadline');
		held.release();
		expect(await value).toBe('load 1');
		const other = await fixture.open();
		await until(async () => (await other.get('k')) === 'load 1', 'it is stored');
	});

	it.each([
		['loads', false],
		['fails', true],
	])(
		'whose answer was lost while Redis answers nothing else gives its lease back: its call %s',
		async (_what, strict) => {
			const tap = await startTap(fixture.redis);
			const cache = await open({
				url: tap.url,
				memory: false,
				pool: {missedDeadlines: 1000},
				breaker: {consecutive: 1000, rate: 1},
			});
			const held = tap.holdReply(leaseReadScript.sha);
			const value = cache.getOrSet('k', () => 'loaded', {strict}).catch(() => 'failed');
			await held.passed;
			await until(async () => (await fixture.raw.exists(key)) === 1, 'the lease is granted');
			expect(await value).toBe(strict ? 'failed' : 'loaded');
			held.release();
			// One that is over stays in Redis for as long as a load may take.
			await until(async () => (await fixture.raw.exists(key)) === 0, 'it is given back');
		},
	);

	it('that reached Redis too late is made without one', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, memory: false, deadline: '10s'});
		await cache.set('k', 'there');
		tap.makeLate(7, leaseReadScript.sha);
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('there');
	});

	it('gets none because of a marker that its process does not know', async () => {
		const cache = await open();
		await cache.set('k', 'value');
		const readWithLease = async (generation: number) => {
			const args = [400, 0, 60_000, 7, generation, 0];
			const {scripts} = cache.internals.parts;
			const namespace = cache.internals.parts.namespaces.open('default');
			const {promise, open: settle} = gate<number>();
			const call = new PromisedCall(leaseReadScript, key, args, (outcome) =>
				settle(outcome.status === 'done' ? outcome.reply : Number.NaN),
			);
			call.moreKeys = [namespace.generationKey];
			scripts.start(call);
			return promise;
		};
		// To this process, the entry is of another generation than its own; Redis says which of the two is the newer one.
		expect(await readWithLease(123_456_789_012_345)).toBe(0);
		expect(await isLeased()).toBe(false);
		await fixture.raw.set(
			cache.internals.parts.namespaces.open('default').generationKey,
			`rctm${'1'.repeat(15)}${'0'.repeat(12)}`,
		);
		expect(await readWithLease(111_111_111_111_111)).toBeGreaterThan(0);
	});

	it('serves no value of a namespace that another process has just cleared', async () => {
		const cache = await open({memory: false});
		const other = await fixture.open();
		for (let round = 0; round < 20; round++) {
			await cache.set('k', 'cleared');
			await other.clear();
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
			await untilStored(cache);
			await untilMayReadWithLease(cache, fixture.raw);
		}
	});

	it.each(['broadcast', 'tracked'] as const)(
		'keeps what it finds in memory until others change it: %s',
		async (coherence) => {
			const cache = await open({memory: {coherence}});
			const other = await fixture.open();
			await other.set('k', 'first');
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('first');
			const before = cache.stats().counters.hitsMemory;
			expect(await cache.get('k')).toBe('first');
			expect(cache.stats().counters.hitsMemory).toBe(before + 1);
			await other.set('k', 'second');
			await until(async () => (await cache.get('k')) === 'second', 'the change is seen');
			if (coherence === 'broadcast') await untilInvalidated(cache, fixture.raw);
		},
	);

	it('is made without one while Redis is full', async () => {
		const cache = await open({memory: false});
		await fixture.raw.config('SET', 'maxmemory', 1);
		try {
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
			expect(mayReadWithLease(cache, 'k')).toBe(false);
		} finally {
			await fixture.raw.config('SET', 'maxmemory', 0);
		}
	});
});

it('two processes that expect misses load each key once', async () => {
	const [one, two] = [await open(), await open()];
	let loads = 0;
	const calls = Array.from({length: 200}, (_, index) =>
		[one, two].map((cache) =>
			cache.getOrSet(`both:${index}`, async () => {
				loads++;
				await new Promise(setImmediate);
				return index;
			}),
		),
	).flat();
	await Promise.all(calls);
	expect(loads).toBe(200);
});

it('reads with the lease that share a command are one in the latencies', async () => {
	const cache = await open({memory: false, pool: {lanes: 1}});
	const reads = () => cache.stats().durations.get.count;
	const before = reads();
	await Promise.all(Array.from({length: 8}, (_, index) => cache.getOrSet(`k${index}`, () => index)));
	expect(reads() - before).toBe(1);
});
