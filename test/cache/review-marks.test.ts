import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {startTap, type Tap} from '../support/tap.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}, deadline: 3000};

const openBehindTap = async (options: CacheOptions = {}): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({...steady, ...options, url: tap.url});
	await until(() => cache.stats().memory.coherence === 'tracking', 'told of changes');
	return {cache, tap};
};

/** Waits until the news of all changes made so far have come in, which is before the answers that are held. */
const hearing = (cache: RedisCache) => async (): Promise<void> => {
	const {changes} = cache.internals.parts;
	const before = changes.now;
	await fixture.raw.set('rct:default:signal', '');
	await until(() => changes.changedSince('rct:default:signal', before), 'the news have come in');
};

const away = async (cache: RedisCache, tap: Tap): Promise<void> => {
	tap.closed = true;
	tap.cutAll();
	await until(() => cache.stats().mode.mode === 'fallback', 'fallback', {timeoutMs: 10_000});
};

const back = async (cache: RedisCache, tap: Tap): Promise<void> => {
	tap.closed = false;
	await until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});
};

describe('a mark that another process moves', () => {
	it('counts although the answer to our own, earlier invalidation comes after the news', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('k', 'first', {tags: ['t']});
		const heard = hearing(cache);
		const held = tap.holdReply('EVALSHA', 'rct:!default:t');
		const ours = cache.invalidateTags(['t']);
		await held.passed;
		const mark = await fixture.raw.get('rct:!default:t');
		await other.set('k', 'second', {tags: ['t']});
		await other.invalidateTags(['t']);
		expect(await fixture.raw.get('rct:!default:t')).not.toBe(mark);
		await heard();
		held.release();
		await ours;
		await until(async () => (await cache.get('k')) === undefined, 'what the other process invalidated is gone', {
			timeoutMs: 1500,
		});
	});

	it('counts although the answer to the making of it comes after the news', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('warm', 1);
		await other.set('k', 'old', {tags: ['t']});
		expect(await cache.get('k')).toBe('old');
		const heard = hearing(cache);
		const held = tap.holdReply('EVALSHA', 'rct:!default:t');
		const set = cache.set('other', 1, {tags: ['t']});
		await held.passed;
		await other.invalidateTags(['t']);
		await heard();
		held.release();
		await set;
		await until(async () => (await cache.get('k')) === undefined, 'what the other process invalidated is gone', {
			timeoutMs: 1500,
		});
	});
});

describe('a mark that Redis has evicted', () => {
	it('still holds for what memory has when Redis goes away', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('k', 'old', {tags: ['t']});
		await cache.invalidateTags(['t']);
		// What this process takes the server's time for at most has to pass first.
		const isRead = async () => {
			await other.set('other', 1, {tags: ['t']});
			return (await cache.get('other')) === 1;
		};
		await until(isRead, 'what was set since is read');
		await fixture.raw.del('rct:!default:t');
		await until(async () => (await cache.get('other')) === undefined, 'the mark is found missing');
		await away(cache, tap);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a clear while Redis is full', () => {
	const full = async (): Promise<void> => void (await fixture.raw.config('SET', 'maxmemory', '1'));
	const roomy = async (): Promise<void> => void (await fixture.raw.config('SET', 'maxmemory', '0'));

	it('does not keep a cache from coming back after an outage', async () => {
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
		// A namespace without a mark counts as cleared, for every process.
		expect(await (await fixture.open(steady)).get('k')).toBeUndefined();
		expect(await cache.set('k', 'new')).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('new');
	});

	it('is done all the same, and not tried again and again', async () => {
		const cache = await fixture.open({...steady, deadline: 500});
		const other = await fixture.open(steady);
		await cache.set('k', 'old');
		try {
			await full();
			await cache.clear();
			await until(() => cache.stats().journal.size === 0, 'reconciled in the full Redis');
			expect(await other.get('k')).toBeUndefined();
		} finally {
			await roomy();
		}
	});
});

describe('a mark outlives what it is for', () => {
	it('also when an entry is only ever read and prolonged', async () => {
		const cache = await fixture.open(steady);
		await cache.set('session', 'user');
		await fixture.raw.pexpire('rct:!default', 60_000);
		// As if the last write were long ago.
		cache.internals.parts.times.forgetEnsured();
		await cache.touch('session');
		await until(async () => (await fixture.raw.pttl('rct:!default')) > 86_400_000, 'the mark lives on');
	});

	it('however long the grace: TTL and grace together are at most 30 days', async () => {
		const cache = await fixture.open({ttl: {default: '20d', max: '30d', grace: '20d', jitter: 0}});
		await cache.set('k', 'value');
		await cache.set('short', 'value', {ttl: '1d', grace: '2d'});
		const day = 86_400_000;
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(30 * day);
		expect(await fixture.raw.pttl('rct:default:k')).toBeGreaterThan(29 * day);
		expect(await fixture.raw.pttl('rct:default:short')).toBeGreaterThan(2.9 * day);
		expect(await fixture.raw.pttl('rct:!default')).toBeGreaterThan(30 * day);
	});
});
