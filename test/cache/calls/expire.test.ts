import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {
	markMemoryUnverified,
	untilFallback,
	untilInvalidated,
	untilTracking,
	untilUntracked,
} from '../support/states.js';

const fixture = redisFixture();

describe('ttl, expire and touch', () => {
	it('read, change and restart the TTL of a value, for all processes', async () => {
		const cache = await fixture.open({ttl: {jitter: 0}});
		const other = await fixture.open();
		await cache.set('k', 'v', {ttl: '1m'});
		expect(await cache.ttl('k')).toBeGreaterThan(55_000);
		expect(await cache.expire('k', '1h')).toEqual({stored: 'redis', applied: true});
		expect(await other.ttl('k')).toBeGreaterThan(3_500_000);
		await cache.expire('k', 400);
		await new Promise((resolve) => setTimeout(resolve, 250));
		expect(await other.touch('k')).toEqual({stored: 'redis', applied: true});
		await new Promise((resolve) => setTimeout(resolve, 250));
		expect(await cache.get('k')).toBe('v');
		await until(async () => (await cache.get('k')) === undefined, 'it expires');
		expect(await cache.ttl('k')).toBeUndefined();
	});

	it('report applied: false for a missing, an expired and a cleared value', async () => {
		const cache = await fixture.open();
		expect(await cache.expire('k', '1m')).toEqual({stored: 'redis', applied: false});
		expect(await cache.touch('k')).toEqual({stored: 'redis', applied: false});
		await cache.set('k', 'v');
		await cache.clear();
		expect(await cache.expire('k', '1m')).toEqual({stored: 'redis', applied: false});
		expect(await cache.get('k')).toBeUndefined();
	});

	it.each([true, false])('report applied: false for a value whose tag was invalidated, soft: %s', async (soft) => {
		const [cache, other] = [await fixture.open({deadline: '2s'}), await fixture.open({deadline: '2s'})];
		for (const invalidating of [cache, other]) {
			await cache.set('k', 'v', {tags: ['t', 'u'], grace: '1m'});
			await cache.get('k');
			expect(await cache.expire('k', '1m')).toEqual({stored: 'redis', applied: true});
			await invalidating.invalidateTags(['t'], {soft});
			await untilInvalidated(cache, fixture.raw);
			for (const each of [cache, other]) {
				expect(await each.expire('k', '1m')).toEqual({stored: 'redis', applied: false});
				expect(await each.touch('k')).toEqual({stored: 'redis', applied: false});
				expect(await each.get('k')).toBeUndefined();
			}
		}
	});

	it('report applied: false for an invalidated value while Redis is away', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url});
		for (const key of ['tagged', 'kept']) await cache.set(key, 'v', {tags: [key]});
		tap.closed = true;
		tap.cutAll();
		await untilFallback(cache);
		await cache.invalidateTags(['tagged']);
		expect(await cache.expire('tagged', '1m')).toEqual({stored: 'memory', applied: false});
		expect(await cache.expire('kept', '1m')).toEqual({stored: 'memory', applied: true});
	});

	it('expire with a TTL of 0 deletes the value', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'v');
		expect(await cache.expire('k', 0)).toEqual({stored: 'redis', applied: true});
		expect(await cache.get('k')).toBeUndefined();
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});

	it('expire with a TTL of 0 tells whether Redis had a value, whatever memory has', async () => {
		const [cache, other] = [await fixture.open({memory: false, deadline: '5s'}), await fixture.open({deadline: '5s'})];
		const deleted = async (key: string) => {
			const result = await cache.expire(key, 0);
			expect(await fixture.raw.exists(`rct:default:${key}`)).toBe(0);
			return result;
		};
		await other.set('k', 'v');
		expect(await deleted('k')).toEqual({stored: 'redis', applied: true});
		expect(await deleted('k')).toEqual({stored: 'redis', applied: false});
		await other.set('stale', 'v', {grace: '1h'});
		await other.delete('stale', {soft: true});
		expect(await deleted('stale')).toEqual({stored: 'redis', applied: false});
		await other.set('tagged', 'v', {tags: ['t']});
		expect(await deleted('tagged')).toEqual({stored: 'redis', applied: true});
		await other.set('tagged', 'v', {tags: ['t']});
		await other.invalidateTags(['t']);
		expect(await deleted('tagged')).toEqual({stored: 'redis', applied: false});
	});
});

const openBehindTap = async (options: CacheOptions = {}): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({deadline: 3000, ...options, url: tap.url});
	if (options.memory !== false) await untilTracking(cache);
	return {cache, tap};
};

describe('a touch in flight', () => {
	it('does not hide a value that another process sets meanwhile', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open();
		await cache.set('k', 'old');
		expect(await cache.get('k')).toBe('old');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const touch = cache.touch('k');
		await held.passed;
		await other.set('k', 'new');
		// One lane is held up: reads on it wait, others do not.
		let seen: unknown;
		const reads: Promise<void>[] = [];
		const look = () => {
			const note = (value: unknown) => {
				seen = value;
			};
			reads.push(cache.get('k').then(note));
			return seen === 'new';
		};
		await until(look, 'the new value is read').finally(() => held.release());
		await Promise.all(reads);
		expect(await touch).toEqual({stored: 'redis', applied: true});
		expect(await cache.get('k')).toBe('new');
	});

	it('does not make reads miss without a memory tier', async () => {
		const {cache, tap} = await openBehindTap({memory: false});
		await cache.set('k', 'value');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const touch = cache.touch('k');
		await held.passed;
		const reads: Promise<unknown>[] = [];
		for (let turn = 0; turn < 4; turn++) {
			reads.push(cache.get('k'));
			await new Promise(setImmediate);
		}
		expect(await Promise.race(reads)).toBe('value');
		held.release();
		expect(await touch).toEqual({stored: 'redis', applied: true});
		expect(await Promise.all(reads)).toEqual(Array.from(reads, () => 'value'));
	});

	it('does not make reads of sliding entries miss without a memory tier', async () => {
		const cache = await fixture.open({memory: false, ttl: {default: 4000, jitter: 0, sliding: true}});
		await cache.set('session', 'user');
		await until(
			async () => (await fixture.raw.pttl('rct:default:session')) < 1900,
			'it is in the second half of its life',
		);
		for (let turn = 0; turn < 5; turn++)
			expect(await Promise.all([cache.get('session'), cache.get('session')])).toEqual(['user', 'user']);
		await until(async () => (await fixture.raw.pttl('rct:default:session')) > 2500, 'its TTL was restarted');
	});
});

/** A cache to which Redis sends no invalidations: they would hide how it handles replies. */
const openUntracked = async (): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	await fixture.raw.acl('SETUSER', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
	const tap = await startTap(fixture.redis);
	const url = tap.url.replace('redis://', 'redis://plain:any@');
	const cache = await fixture.open({url, ttl: '1h', deadline: 3000, memory: {trust: '1h'}, pool: {lanes: 2}});
	await untilUntracked(cache);
	return {cache, tap};
};

describe('a read in flight while the TTL of its key is changed', () => {
	itReal('does not bring the old TTL back into memory', async () => {
		const {cache, tap} = await openUntracked();
		for (const key of ['a', 'b', 'c']) {
			await cache.set(key, 'value');
			markMemoryUnverified(cache);
			const held = tap.holdReply('MGET', `rct:default:${key}`);
			const read = cache.get(key);
			await held.passed;
			await sleep(30);
			const change = cache.expire(key, 300);
			// If both use the same connection, the reply to the change is held, too.
			await Promise.race([change, sleep(100)]);
			held.release();
			expect(await read).toBe('value');
			expect(await change).toEqual({stored: 'redis', applied: true});
			expect(await cache.ttl(key), key).toBeLessThan(400);
		}
	});
});
