import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {untilConnected, untilFallback, untilInvalidated, untilReconciled, untilTracking} from '../support/states.js';

const fixture = redisFixture();

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}, deadline: 3000};

const openBehindTap = async (options: CacheOptions = {}): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({...steady, ...options, url: tap.url});
	await untilTracking(cache);
	return {cache, tap};
};

const away = async (cache: RedisCache, tap: Tap): Promise<void> => {
	tap.closed = true;
	tap.cutAll();
	await untilFallback(cache);
};

const back = async (cache: RedisCache, tap: Tap): Promise<void> => {
	tap.closed = false;
	await untilConnected(cache);
};

describe('an invalidation time that another process moves', () => {
	it('is applied although the reply to our own, earlier invalidation arrives later', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('k', 'first', {tags: ['t']});
		const held = tap.holdReply('EVALSHA', 'rct:!{default}:t');
		const ours = cache.invalidateTags(['t']);
		await held.passed;
		const time = await fixture.raw.get('rct:!{default}:t');
		await other.set('k', 'second', {tags: ['t']});
		await other.invalidateTags(['t']);
		expect(await fixture.raw.get('rct:!{default}:t')).not.toBe(time);
		await untilInvalidated(cache, fixture.raw);
		held.release();
		await ours;
		await until(async () => (await cache.get('k')) === undefined, 'what the other process invalidated is gone', {
			timeoutMs: 1500,
		});
	});

	it('is applied although the reply to creating it arrives later', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('warm', 1);
		await other.set('k', 'old', {tags: ['t']});
		expect(await cache.get('k')).toBe('old');
		const held = tap.holdReply('EVALSHA', 'rct:!{default}:t');
		const set = cache.set('other', 1, {tags: ['t']});
		await held.passed;
		await other.invalidateTags(['t']);
		await untilInvalidated(cache, fixture.raw);
		held.release();
		await set;
		await until(async () => (await cache.get('k')) === undefined, 'what the other process invalidated is gone', {
			timeoutMs: 1500,
		});
	});
});

describe('an invalidation time that was deleted in Redis', () => {
	it('still hides entries in memory when Redis goes away', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('k', 'old', {tags: ['t']});
		await cache.invalidateTags(['t']);
		// Until the latest possible server time of the invalidation has passed.
		const isRead = async () => {
			await other.set('other', 1, {tags: ['t']});
			return (await cache.get('other')) === 1;
		};
		await until(isRead, 'what was set since is read');
		await fixture.raw.del('rct:!{default}:t');
		await until(async () => (await cache.get('other')) === undefined, 'the invalidation time is known to be missing');
		await away(cache, tap);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a clear while Redis is full', () => {
	const full = async (): Promise<void> => void (await fixture.raw.config('SET', 'maxmemory', '1'));
	const roomy = async (): Promise<void> => void (await fixture.raw.config('SET', 'maxmemory', '0'));

	it('does not keep the cache from recovering', async () => {
		const {cache, tap} = await openBehindTap({deadline: 500});
		await cache.set('k', 'old');
		try {
			await full();
			await away(cache, tap);
			expect(await cache.clear()).toEqual({stored: 'memory'});
			await back(cache, tap);
			expect(cache.stats().journal.size).toBe(0);
		} finally {
			await roomy();
		}
		// A namespace without an invalidation time counts as cleared, for every process.
		expect(await (await fixture.open(steady)).get('k')).toBeUndefined();
		expect(await cache.set('k', 'new')).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('new');
	});

	it('is done by deleting the invalidation time', async () => {
		const cache = await fixture.open({...steady, deadline: 500});
		const other = await fixture.open(steady);
		await cache.set('k', 'old');
		try {
			await full();
			await cache.clear();
			await untilReconciled(cache);
			expect(await other.get('k')).toBeUndefined();
		} finally {
			await roomy();
		}
	});
});

describe('an invalidation time outlives every entry', () => {
	it('even an entry that is only read and touched', async () => {
		const cache = await fixture.open(steady);
		await cache.set('session', 'user');
		await fixture.raw.pexpire('rct:!{default}', 60_000);
		// As if the last write were hours ago.
		cache.internals.parts.markers.forgetEnsured();
		await cache.touch('session');
		await until(
			async () => (await fixture.raw.pttl('rct:!{default}')) > 86_400_000,
			'the invalidation time was renewed',
		);
	});

	it('because TTL and grace together are 30 days at most', async () => {
		const cache = await fixture.open({ttl: {default: '20d', max: '30d', grace: '20d', jitter: 0}});
		await cache.set('k', 'value');
		await cache.set('short', 'value', {ttl: '1d', grace: '2d'});
		const day = 86_400_000;
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(30 * day);
		expect(await fixture.raw.pttl('rct:default:k')).toBeGreaterThan(29 * day);
		expect(await fixture.raw.pttl('rct:default:short')).toBeGreaterThan(2.9 * day);
		expect(await fixture.raw.pttl('rct:!{default}')).toBeGreaterThan(30 * day);
	});
});

describe('an invalidation time that Redis has evicted', () => {
	/** Fills the memory of Redis until it evicts the invalidation time, the only key with an expiry. */
	const evictTime = async (): Promise<void> => {
		const {raw} = fixture;
		await raw.persist('rct:default:k');
		const used = Number(/used_memory:(\d+)/.exec(await raw.info('memory'))?.[1]);
		await raw.config('SET', 'maxmemory-policy', 'volatile-random');
		await raw.config('SET', 'maxmemory', used + 1_000_000);
		for (let round = 0; (await raw.exists('rct:!{default}')) === 1 && round < 100; round++)
			await raw.set(`filler:${round}`, 'x'.repeat(100_000)).catch(() => {});
		await raw.config('SET', 'maxmemory', 0);
		expect(await raw.exists('rct:!{default}', 'rct:default:k')).toBe(1);
	};

	it('does not bring back cleared values', async () => {
		const cache = await fixture.open({...steady, memory: false});
		await cache.set('k', 'cleared');
		await cache.clear();
		await evictTime();
		const other = await fixture.open(steady);
		expect(await cache.get('k')).toBeUndefined();
		expect(await other.get('k')).toBeUndefined();
		// The time is created again for the next entry, and is newer than the old one.
		await other.set('l', 1);
		expect(await other.get('k')).toBeUndefined();
		expect(await other.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(await cache.get('k')).toBe('loaded');
	});

	it('would bring them back, if a missing time counted as an old one', async () => {
		const cache = await fixture.open({...steady, memory: false});
		await cache.set('k', 'cleared');
		await cache.clear();
		await evictTime();
		await fixture.raw.set('rct:!{default}', 'rctm0000000000000001');
		expect(await (await fixture.open(steady)).get('k')).toBe('cleared');
	});
});
