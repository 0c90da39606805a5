import {describe, expect, it} from 'vitest';
import {UnavailableError} from '../../../source/cache/api/errors.js';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {
	fallBack,
	untilConnected,
	untilConnectedAndReconciled,
	untilEnsured,
	untilReconciled,
	untilTracking,
} from '../support/states.js';

const fixture = redisFixture();

describe('calls that are not awaited', () => {
	it('a set is read back at once', async () => {
		const cache = await fixture.open();
		const stored = cache.set('k', 'new');
		expect(await cache.get('k')).toBe('new');
		expect(await stored).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('new');
	});

	it('without a memory tier a set is read back as a miss or the new value, never as the old one', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', 'old');
		for (let round = 0; round < 50; round++) {
			const stored = cache.set('k', round);
			expect(await cache.get('k')).not.toBe(round === 0 ? 'old' : round - 1);
			await stored;
			expect(await cache.get('k')).toBe(round);
		}
	});

	it('of several sets, deletes and expires the last one wins, here and in other processes', async () => {
		const cache = await fixture.open({deadline: '10s'});
		const other = await fixture.open({deadline: '10s'});
		for (let round = 0; round < 100; round++) {
			const key = `k${round % 7}`;
			const calls = [
				cache.set(key, 1),
				cache.delete(key),
				cache.set(key, 2),
				cache.expire(key, '1h'),
				cache.set(key, 3),
			];
			if (round % 2 === 1) calls.push(cache.delete(key));
			await Promise.all(calls);
			const expected = round % 2 === 1 ? undefined : 3;
			expect(await cache.get(key)).toBe(expected);
			// Memory sees changes of other processes a little later.
			await until(async () => (await other.get(key)) === expected, 'the other process to see the last one');
		}
	});

	it('the last one wins even if Redis has forgotten the scripts', async () => {
		const cache = await fixture.open();
		await cache.set('warm', 1);
		for (let round = 0; round < 20; round++) {
			await fixture.raw.script('FLUSH');
			// Loads the script of one of the two calls only.
			await (round % 2 === 0 ? cache.delete('other') : cache.set('other', 1));
			await Promise.all([cache.set('k', round), cache.delete('k')]);
			expect(await cache.get('k')).toBeUndefined();
			await Promise.all([cache.delete('k'), cache.set('k', round)]);
			expect(await cache.get('k')).not.toBe(round - 1);
		}
	});

	it('a delete before a set leaves the value', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old');
		await Promise.all([cache.delete('k'), cache.set('k', 'new')]);
		expect(await cache.get('k')).toBe('new');
	});

	it('a set before a clear is gone after it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes: 8}});
		await cache.set('warm', 1);
		// Each lane has another latency, so that the clear often overtakes sets.
		proxy.add({kind: 'latency', delayMs: 20, jitterMs: 20, direction: 'up'});
		for (let round = 0; round < 10; round++) {
			const keys = Array.from({length: 8}, (_, index) => `k${round}:${index}`);
			const stored = keys.map((key) => cache.set(key, 'old'));
			await cache.clear();
			await Promise.all(stored);
			expect(await cache.getMany(keys)).toEqual(new Map());
		}
	});

	it('a set before an invalidation of its tag is gone after it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes: 8}});
		await cache.set('warm', 1, {tags: ['t']});
		proxy.add({kind: 'latency', delayMs: 20, jitterMs: 20, direction: 'up'});
		for (let round = 0; round < 10; round++) {
			const keys = Array.from({length: 8}, (_, index) => `k${round}:${index}`);
			const stored = keys.map((key) => cache.set(key, 'old', {tags: ['t', 'u']}));
			await cache.invalidateTags(['t']);
			await Promise.all(stored);
			expect(await cache.getMany(keys)).toEqual(new Map());
		}
	});

	it('an expiry right after a set is not lost', async () => {
		const cache = await fixture.open();
		const stored = cache.set('k', 'value', {ttl: '1h'});
		const expired = cache.expire('k', '10s');
		await Promise.all([stored, expired]);
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(10_000);
		expect(await cache.ttl('k')).toBeLessThanOrEqual(10_000);
	});
});

describe('a change made in fallback', () => {
	it('wins over an earlier one of the same key that reaches Redis later', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes: 2}});
		await cache.set('k', 'first');
		for (let round = 0; round < 5; round++) {
			// The set is in flight when the cache falls back, and arrives before its deadline but after the delete.
			const held = proxy.add({kind: 'latency', delayMs: 60, direction: 'up'});
			const stored = cache.set('k', 'second');
			fallBack(cache);
			expect(await cache.delete('k')).toEqual({stored: 'memory'});
			await stored;
			proxy.lift(held.id);
			await untilConnected(cache);
			expect(await cache.get('k')).toBeUndefined();
		}
	});
});

describe('a change that was rejected because the queue is full', () => {
	it('wins over an earlier one of the same key that reaches Redis later', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 600, pool: {lanes: 1}});
		await cache.set('k', 'first');
		await untilEnsured(cache);
		const held = proxy.add({kind: 'latency', delayMs: 250, direction: 'up'});
		const stored = cache.set('k', 'second');
		const crowd = Array.from({length: 50_300}, () => cache.delete('x'));
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		expect(await stored).toEqual({stored: 'redis'});
		proxy.lift(held.id);
		await Promise.all(crowd);
		// Ten deadlines: as long as a queued write may take, the earlier one could still have been in the queue.
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});
});

/** Holds the markers of sets with this tag back until `open` is called, as a process does that gets no processor time. */
const holdMarkers = (cache: RedisCache, tag: string): {readonly open: () => void} => {
	const {markerWriter} = cache.internals.parts;
	const ensure = markerWriter.ensure.bind(markerWriter);
	const {promise, open} = gate();
	markerWriter.ensure = async (need) => {
		if (need.tags.includes(tag)) await promise;
		await ensure(need);
	};
	return {open};
};

/** Sets `k` while Redis is full and this process knows it. */
const refuseAtOnce = async (cache: RedisCache, value: string): Promise<void> => {
	await fixture.raw.config('SET', 'maxmemory', '1');
	try {
		// From its refusal on, sets are not sent for a moment.
		expect(await cache.set('full', 1)).toEqual({stored: 'memory'});
		expect(await cache.set('k', value)).toEqual({stored: 'memory'});
	} finally {
		await fixture.raw.config('SET', 'maxmemory', '0');
	}
};

describe('a set that was refused at once', () => {
	it('wins over an earlier one of the same key that reaches Redis when the refused one has been reconciled', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('k', 'first');
		const held = holdMarkers(cache, 'slow');
		const stored = cache.set('k', 'second', {tags: ['slow']});
		await refuseAtOnce(cache, 'third');
		let reconciled = 0;
		cache.on('reconcile', ({keys}) => {
			reconciled += keys;
		});
		await until(() => reconciled >= 2, 'both refused sets have been reconciled');
		const {journal} = cache.internals.parts;
		expect(journal.hasKey('rct:default:k')).toBe(true);
		held.open();
		expect(await stored).toEqual({stored: 'redis'});
		// The set that Redis has now is older than the one that it has refused.
		expect(await cache.get('k')).not.toBe('second');
		await untilReconciled(cache);
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
		expect(await cache.get('k')).not.toBe('second');
		await until(async () => (await other.get('k')) === undefined, 'the other process sees neither');
	});

	it('leaves its key clean again once earlier ones are over, although the key is written all the time', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 500, pool: {lanes: 1}});
		await cache.set('k', 'first');
		const held = holdMarkers(cache, 'slow');
		const stored = cache.set('k', 'second', {tags: ['slow']});
		await refuseAtOnce(cache, 'third');
		await until(async () => (await cache.set('full', 1)).stored === 'redis', 'Redis is not full any more');
		// There is always one that is pending.
		proxy.add({kind: 'latency', delayMs: 30, direction: 'up'});
		const writing = setInterval(() => void cache.set('k', 'next'), 5);
		try {
			held.open();
			expect(await stored).toEqual({stored: 'redis'});
			await until(() => !cache.internals.parts.journal.hasKey('rct:default:k'), 'the key is clean');
		} finally {
			clearInterval(writing);
		}
	});

	it('because its markers were, is not the reason that a later delete passes an earlier set', async () => {
		const cache = await fixture.open({deadline: '2s', pool: {lanes: 1}});
		await cache.set('k', 'first');
		const held = holdMarkers(cache, 'slow');
		const {markerWriter} = cache.internals.parts;
		const ensure = markerWriter.ensure.bind(markerWriter);
		markerWriter.ensure = (need) =>
			need.tags.includes('refused') ? Promise.reject(new UnavailableError('the test does it')) : ensure(need);
		const first = cache.set('k', 'second', {tags: ['slow']});
		const second = cache.set('k', 'third', {tags: ['refused']});
		await new Promise((resolve) => setImmediate(resolve));
		const removed = cache.delete('k');
		// A later command of the same lane: a delete that had passed the set would have been executed before it.
		await cache.delete('other');
		held.open();
		expect(await first).toEqual({stored: 'redis'});
		expect(await second).toEqual({stored: 'memory'});
		expect(await removed).toEqual({stored: 'redis'});
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});
});

const openBehindTap = async (options: CacheOptions = {}): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({deadline: 3000, ...options, url: tap.url});
	if (options.memory !== false) await untilTracking(cache);
	return {cache, tap};
};

describe('a write whose connection was lost', () => {
	it('delays the result of a later write of the key until it can no longer undo it', async () => {
		const {cache, tap} = await openBehindTap({deadline: 2500});
		const other = await fixture.open();
		await cache.set('k', 'first');
		const stray = tap.strand('EVALSHA', 'rct:default:k');
		const set = cache.set('k', 'second');
		await stray.passed;
		const lanes = () => cache.stats().pool.lanes;
		await until(
			() => lanes().some(({reconnects}) => reconnects > 0) && lanes().every(({state}) => state === 'ready'),
			'connected again',
		);
		let deleted = false;
		const remove = cache.delete('k').then((result) => {
			deleted = true;
			return result;
		});
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'the delete was executed');
		stray.deliver();
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 1, 'the lost set was executed');
		expect(deleted).toBe(false);
		expect(await remove).toEqual({stored: 'redis'});
		await set;
		await until(async () => (await other.get('k')) === undefined, 'the lost set is undone');
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a strict write and a later one that is not strict', () => {
	it('reach Redis in the order of their calls', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		for (let round = 0; round < 20; round++) {
			await Promise.all([cache.set('k', 'first', {strict: true}), cache.set('k', `second ${round}`)]);
			expect(await other.get('k')).toBe(`second ${round}`);
			await Promise.all([cache.set('k', 'third', {strict: true}), cache.delete('k')]);
			expect(await fixture.raw.exists('rct:default:k')).toBe(0);
			expect(await cache.get('k')).toBeUndefined();
		}
	});
});
