import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {clearScript, invalidateScript} from '../../../source/cache/scripts/marker-scripts.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {
	untilConnected,
	untilEnsured,
	untilFallback,
	untilInvalidated,
	untilReconciled,
	untilTracking,
	untilUntracked,
} from '../support/states.js';

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

describe('a marker that another process changes', () => {
	it('is applied although the reply to our own, earlier invalidation arrives later', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('k', 'first', {tags: ['t']});
		const held = tap.holdReply('EVALSHA', 'rct:!{default}:t');
		const ours = cache.invalidateTags(['t']);
		await held.passed;
		const marker = await fixture.raw.get('rct:!{default}:t');
		await other.set('k', 'second', {tags: ['t']});
		await other.invalidateTags(['t']);
		expect(await fixture.raw.get('rct:!{default}:t')).not.toBe(marker);
		await untilInvalidated(cache, fixture.raw);
		held.release();
		await ours;
		await until(async () => (await cache.get('k')) === undefined, 'what the other process invalidated is gone');
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
		await until(async () => (await cache.get('k')) === undefined, 'what the other process invalidated is gone');
	});
});

describe('a marker that was deleted in Redis', () => {
	it('still hides entries in memory when Redis goes away', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open(steady);
		await cache.set('k', 'old', {tags: ['t']});
		await cache.invalidateTags(['t']);
		await other.set('other', 1, {tags: ['t']});
		expect(await cache.get('other')).toBe(1);
		await fixture.raw.del('rct:!{default}:t');
		await until(async () => (await cache.get('other')) === undefined, 'the marker is known to be missing');
		await away(cache, tap);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a clear while Redis is full', () => {
	const full = async (): Promise<void> => void (await fixture.raw.config('SET', 'maxmemory', '1'));
	const roomy = async (): Promise<void> => void (await fixture.raw.config('SET', 'maxmemory', '0'));

	it('takes effect, for every process', async () => {
		const cache = await fixture.open(steady);
		const other = await fixture.open({...steady, memory: false});
		await cache.set('k', 'old');
		await cache.set('l', 'old', {tags: ['t']});
		try {
			await full();
			expect(await cache.invalidateTags(['t'])).toEqual({stored: 'redis'});
			expect((await other.getMany(['k', 'l'])).get('l')).toBeUndefined();
			expect(await cache.clear()).toEqual({stored: 'redis'});
			expect(await other.get('k')).toBeUndefined();
		} finally {
			await roomy();
		}
	});

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
		expect(await (await fixture.open(steady)).get('k')).toBeUndefined();
		expect(await cache.set('k', 'new')).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('new');
	});

	it('is done by deleting the generation, if Redis refuses the script', async () => {
		const {cache, tap} = await openBehindTap({deadline: 500});
		const other = await fixture.open(steady);
		await cache.set('k', 'old', {tags: ['t']});
		for (const script of [clearScript, invalidateScript])
			tap.answer("-OOM command not allowed when used memory > 'maxmemory'.\r\n", script.sha);
		expect(await cache.invalidateTags(['t'])).toEqual({stored: 'memory'});
		await untilReconciled(cache);
		expect(await other.get('k')).toBeUndefined();
	});
});

const day = 86_400_000;

describe('the generation outlives every entry', () => {
	it('even an entry that is only read and touched', async () => {
		const cache = await fixture.open(steady);
		await cache.set('session', 'user');
		await fixture.raw.pexpire('rct:!{default}', 60_000);
		// As if the last write were hours ago.
		cache.internals.parts.markers.forgetEnsured();
		await cache.touch('session');
		await until(async () => (await fixture.raw.pttl('rct:!{default}')) > day, 'the generation was renewed');
	});

	it('because TTL and grace together are 30 days at most', async () => {
		const cache = await fixture.open({ttl: {default: '20d', max: '30d', grace: '20d', jitter: 0}});
		await cache.set('k', 'value', {tags: ['t']});
		await cache.set('short', 'value', {ttl: '1d', grace: '2d'});
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(30 * day);
		expect(await fixture.raw.pttl('rct:default:k')).toBeGreaterThan(29 * day);
		expect(await fixture.raw.pttl('rct:default:short')).toBeGreaterThan(2.9 * day);
		for (const key of ['rct:!{default}', 'rct:!{default}:', 'rct:!{default}:t'])
			expect(await fixture.raw.pttl(key)).toBeGreaterThan(30 * day);
	});
});

describe('the marker of a tag', () => {
	const pttl = () => fixture.raw.pttl('rct:!{default}:t');

	it('lives seconds longer than an entry of a second', async () => {
		const cache = await fixture.open(steady);
		await cache.set('k', 1, {ttl: '1s', tags: ['t']});
		const life = await pttl();
		expect(life).toBeGreaterThan(1000);
		expect(life).toBeLessThan(15_000);
	});

	it('lives as long as the longest of its entries, with its grace', async () => {
		const cache = await fixture.open(steady);
		await cache.set('k', 1, {ttl: '1h', grace: '1h', tags: ['t']});
		await cache.set('l', 1, {ttl: '1s', tags: ['t']});
		await cache.invalidateTags(['t']);
		expect(await pttl()).toBeGreaterThan(7_000_000);
	});

	it('lives as long as an entry that is touched or gets another TTL', async () => {
		const cache = await fixture.open({...steady, memory: false});
		const other = await fixture.open({...steady, memory: false});
		await cache.set('k', 1, {ttl: '1m', tags: ['t']});
		expect(await other.expire('k', '1h')).toEqual({stored: 'redis', applied: true});
		expect(await pttl()).toBeGreaterThan(3_500_000);
		await fixture.raw.pexpire('rct:!{default}:t', 5000);
		await (await fixture.open({memory: false})).touch('k');
		expect(await pttl()).toBeGreaterThan(3_500_000);
	});

	it('is not renewed for every entry', async () => {
		const cache = await fixture.open(steady);
		await cache.set('k', 1, {tags: ['t']});
		await untilEnsured(cache, ['t'], 3_600_000);
		await fixture.raw.config('RESETSTAT');
		for (let round = 0; round < 10; round++) await cache.set('k', round, {tags: ['t']});
		expect(String(await fixture.raw.info('commandstats'))).toMatch(/cmdstat_evalsha:calls=10,/);
	});

	it('is not left behind by an invalidation of a tag that nothing has', async () => {
		const cache = await fixture.open(steady);
		expect(await cache.invalidateTags(['nobody'])).toEqual({stored: 'redis'});
		expect(await fixture.raw.exists('rct:!{default}:nobody')).toBe(0);
	});

	it('hides what was obtained before an invalidation, also if it was missing then', async () => {
		const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
		await cache.set('k', 'old', {tags: ['t']});
		await fixture.raw.del('rct:!{default}:t');
		await cache.invalidateTags(['t']);
		await other.set('l', 'new', {tags: ['t']});
		expect(await other.get('k')).toBeUndefined();
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.get('l')).toBe('new');
	});

	it('hides what was obtained before the counter was lost', async () => {
		const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
		await cache.invalidateTags(['other']);
		await cache.set('k', 'old', {tags: ['t']});
		await fixture.raw.del('rct:!{default}:');
		await other.invalidateTags(['t']);
		expect(await other.get('k')).toBeUndefined();
		await until(async () => (await cache.get('k')) === undefined, 'the other process has learned of it');
		expect(await cache.set('k', 'new', {tags: ['t']})).toEqual({stored: 'redis'});
		expect(await other.get('k')).toBe('new');
	});

	it('lives long enough, although it was lost and made again as it was for an entry that lives briefly', async () => {
		const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
		await untilTracking(cache);
		await cache.set('k', 'first', {tags: ['t']});
		await untilEnsured(cache, ['t'], 3_600_000);
		await fixture.raw.del('rct:!{default}:t');
		await other.set('brief', 1, {tags: ['t'], ttl: '1s'});
		await untilInvalidated(cache, fixture.raw);
		// Reads the marker of the tag.
		expect(await cache.get('brief')).toBe(1);
		await cache.set('k', 'second', {tags: ['t']});
		expect(await fixture.raw.pttl('rct:!{default}:t')).toBeGreaterThan(await fixture.raw.pttl('rct:default:k'));
	});

	it('is made again with a counter that was lost, although a read has found the new counter', async () => {
		const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
		await untilTracking(cache);
		await cache.set('k', 'old', {tags: ['t']});
		await untilEnsured(cache, ['t'], 3_600_000);
		await fixture.raw.del('rct:!{default}:');
		await other.invalidateTags(['another']);
		await untilInvalidated(cache, fixture.raw);
		// Reads the counter along.
		await cache.get('nothing');
		expect(await cache.set('k', 'new', {tags: ['t']})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('new');
		expect(await other.get('k')).toBe('new');
		expect(await cache.getOrSet('l', () => 'loaded', {tags: ['t']})).toBe('loaded');
		await until(async () => (await other.get('l')) === 'loaded', 'a loaded value is stored, too');
	});
});

describe('markers that have vanished', () => {
	for (const [how, vanish] of [
		['FLUSHALL', () => fixture.raw.flushall()],
		['DEL of the generation', () => fixture.raw.del('rct:!{default}')],
		['DEL of the counter', () => fixture.raw.del('rct:!{default}:')],
		['DEL of the tag', () => fixture.raw.del('rct:!{default}:t')],
		['expiry', () => fixture.raw.pexpire('rct:!{default}', 1)],
	] as const)
		it(`${how}: are made again before a write says that it is in Redis`, async () => {
			const cache = await fixture.open(steady);
			const other = await fixture.open(steady);
			await cache.set('k', 'before', {tags: ['t']});
			await untilEnsured(cache, ['t'], 3_600_000);
			await vanish();
			await until(
				async () => (await fixture.raw.exists('rct:!{default}')) === 0 || how.startsWith('DEL of the'),
				'gone',
			);
			await untilInvalidated(cache, fixture.raw);
			expect(await cache.set('k', 'after', {tags: ['t']})).toEqual({stored: 'redis'});
			expect(await other.get('k')).toBe('after');
			expect(await (await fixture.open(steady)).get('k')).toBe('after');
		});

	itReal('are made again after a while where Redis sends no invalidations', async () => {
		await fixture.raw.call('ACL', 'SETUSER', 'untracked', 'on', '>secret', '~*', '&*', '+@all', '-client|tracking');
		const url = fixture.redis.url.replace('//', '//untracked:secret@');
		const cache = await fixture.open({...steady, url, memory: {trust: '200ms'}});
		await untilUntracked(cache);
		await cache.set('k', 'before');
		await fixture.raw.flushall();
		await new Promise((resolve) => setTimeout(resolve, 250));
		expect(await cache.set('k', 'after')).toEqual({stored: 'redis'});
		expect(await (await fixture.open(steady)).get('k')).toBe('after');
	});
});

describe('a generation that Redis has evicted', () => {
	/** Fills the memory of Redis until it evicts the generation, one of the keys with an expiry. */
	const evict = async (): Promise<void> => {
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
		await evict();
		const other = await fixture.open(steady);
		expect(await cache.get('k')).toBeUndefined();
		expect(await other.get('k')).toBeUndefined();
		// It is created again for the next entry, at random.
		await other.set('l', 1);
		expect(await other.get('k')).toBeUndefined();
		expect(await other.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(await cache.get('k')).toBe('loaded');
	});

	it('would bring them back, if it were created again as it was', async () => {
		const cache = await fixture.open({...steady, memory: false});
		await cache.set('k', 'cleared');
		const before = await fixture.raw.get('rct:!{default}');
		await cache.clear();
		await evict();
		await fixture.raw.set('rct:!{default}', before ?? '');
		expect(await (await fixture.open(steady)).get('k')).toBe('cleared');
	});
});
