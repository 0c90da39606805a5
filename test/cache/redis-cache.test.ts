import {describe, expect, it} from 'vitest';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {NotConnectedError, RedisCacheError} from '../../source/pool/errors.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {describeReal} from '../support/real-redis.js';
import {freePort} from '../support/redis-process.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

describe('get, set, delete and has', () => {
	it('store, read and remove a value, for all processes', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.set('k', {name: 'Ada'})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toEqual({name: 'Ada'});
		expect(await other.get('k')).toEqual({name: 'Ada'});
		expect(await other.has('k')).toBe(true);
		expect(await other.delete('k')).toEqual({stored: 'redis'});
		expect(await other.has('k')).toBe(false);
		await until(async () => !(await cache.has('k')), 'the other hears of it');
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
	});

	it('answer reads of one turn with one command', async () => {
		const cache = await fixture.open({memory: false, pool: {lanes: 1}});
		await cache.setMany([
			['a', 1],
			['b', 2],
			['c', 3],
		]);
		const before = cache.stats().counters;
		expect(await Promise.all([cache.get('a'), cache.get('b'), cache.get('c'), cache.get('a'), cache.get('d')])).toEqual(
			[1, 2, 3, 1, undefined],
		);
		const after = cache.stats().counters;
		expect(after.batches - before.batches).toBe(1);
	});

	it('serve from memory what has not changed, without asking Redis', async () => {
		const cache = await fixture.open();
		await until(() => cache.stats().memory.coherence === 'tracking', 'told of changes');
		await cache.set('k', 1);
		await until(async () => (await cache.getEntry('k'))?.source === 'memory', 'it is believed in memory');
		const {batches} = cache.stats().counters;
		for (let round = 0; round < 100; round++) expect(await cache.get('k')).toBe(1);
		expect(cache.stats().counters.batches).toBe(batches);
	});
});

describe('getEntry', () => {
	it('says where a value came from, how old it is and how long it is fresh', async () => {
		const cache = await fixture.open({ttl: {jitter: 0}});
		await cache.set('k', 'v', {ttl: '1m'});
		const other = await fixture.open();
		const first = await other.getEntry('k');
		expect(first).toMatchObject({value: 'v', source: 'redis', stale: false});
		expect(first?.ageMs).toBeGreaterThanOrEqual(0);
		expect(first?.ageMs).toBeLessThan(5000);
		expect(first?.ttlMs).toBeGreaterThan(55_000);
		expect(first?.ttlMs).toBeLessThanOrEqual(60_000);
		await until(async () => (await other.getEntry('k'))?.source === 'memory', 'memory has it');
		expect((await other.getEntry('k'))?.ageMs).toBeGreaterThan(first?.ageMs ?? 0);
		expect(await other.getEntry('missing')).toBeUndefined();
	});
});

describe('bulk calls', () => {
	it('store, read and remove many values, in the order of the keys', async () => {
		const cache = await fixture.open({deadline: '5s'});
		const keys = Array.from({length: 3000}, (_, index) => `k${index}`);
		expect(await cache.setMany(keys.map((key, index) => [key, index] as const))).toEqual({stored: 'redis'});
		const other = await fixture.open();
		const found = await other.getMany<number>([...keys, 'missing'].reverse());
		expect([...found.keys()]).toEqual([...keys].reverse());
		expect(found.get('k2999')).toBe(2999);
		expect(await other.deleteMany(keys)).toEqual({stored: 'redis'});
		expect((await (await fixture.open()).getMany(keys)).size).toBe(0);
	});

	it('of nothing do nothing', async () => {
		const cache = await fixture.open();
		expect(await cache.getMany([])).toEqual(new Map());
		expect(await cache.setMany([])).toEqual({stored: 'redis'});
		expect(await cache.deleteMany([])).toEqual({stored: 'redis'});
		expect(await cache.invalidateTags([])).toEqual({stored: 'redis'});
	});

	it('take the same key twice', async () => {
		const cache = await fixture.open();
		await cache.setMany([
			['k', 1],
			['k', 2],
		]);
		expect(await cache.getMany(['k', 'k'])).toEqual(new Map([['k', 2]]));
		await cache.deleteMany(['k', 'k']);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('ttl, expire and touch', () => {
	it('tell, change and renew how long a value is fresh, for all processes', async () => {
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
		await until(async () => (await cache.get('k')) === undefined, 'it expires', {timeoutMs: 2000});
		expect(await cache.ttl('k')).toBeUndefined();
	});

	it('of nothing, of an expired and of a cleared value apply to nothing', async () => {
		const cache = await fixture.open();
		expect(await cache.expire('k', '1m')).toEqual({stored: 'redis', applied: false});
		expect(await cache.touch('k')).toEqual({stored: 'redis', applied: false});
		await cache.set('k', 'v');
		await cache.clear();
		expect(await cache.expire('k', '1m')).toEqual({stored: 'redis', applied: false});
		expect(await cache.get('k')).toBeUndefined();
	});

	it('expire with 0 deletes', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'v');
		expect(await cache.expire('k', 0)).toEqual({stored: 'redis', applied: true});
		expect(await cache.get('k')).toBeUndefined();
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});
});

describe('namespaces', () => {
	it('have keys, a clear and tags of their own', async () => {
		const cache = await fixture.open();
		const users = cache.namespace('users');
		const again = cache.namespace('users');
		await cache.set('k', 'default', {tags: ['t']});
		await users.set('k', 'users', {tags: ['t']});
		expect(await again.get('k')).toBe('users');
		await users.invalidateTags(['t']);
		expect(await again.get('k')).toBeUndefined();
		expect(await cache.get('k')).toBe('default');
		await users.set('k', 'users');
		await cache.clear();
		expect(await cache.get('k')).toBeUndefined();
		expect(await again.get('k')).toBe('users');
	});

	it('are the cache itself where they have its name, and can be nested no deeper', async () => {
		const cache = await fixture.open({namespace: 'mine'});
		await cache.set('k', 1);
		expect(await cache.namespace('mine').get('k')).toBe(1);
		expect(await cache.namespace('other').namespace('mine').get('k')).toBe(1);
	});

	it('under different prefixes do not meet', async () => {
		const one = await fixture.open({prefix: 'one'});
		const two = await fixture.open({prefix: 'two'});
		await one.set('k', 1);
		expect(await two.get('k')).toBeUndefined();
		await two.clear();
		expect(await one.get('k')).toBe(1);
	});
});

describe('tags and clear', () => {
	it('make every entry a miss that has one of the tags, and no other', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('red', 1, {tags: ['red']});
		await cache.set('both', 2, {tags: ['red', 'blue']});
		await cache.set('blue', 3, {tags: ['blue']});
		await cache.set('none', 4);
		const keys = ['red', 'both', 'blue', 'none'];
		expect((await other.getMany(keys)).size).toBe(4);
		expect(await cache.invalidateTags(['red', 'unknown'])).toEqual({stored: 'redis'});
		expect(await cache.getMany(keys)).toEqual(
			new Map([
				['blue', 3],
				['none', 4],
			]),
		);
		await until(async () => (await other.getMany(keys)).size === 2, 'the other hears of it');
		await cache.set('red', 5, {tags: ['red']});
		expect(await cache.get('red')).toBe(5);
		expect(await other.get('red')).toBe(5);
	});

	it('let live what is set right after, again and again', async () => {
		const cache = await fixture.open();
		for (let round = 0; round < 50; round++) {
			await cache.clear();
			await cache.set('k', round, {tags: ['t']});
			expect(await cache.get('k')).toBe(round);
			await cache.invalidateTags(['t']);
			expect(await cache.get('k')).toBeUndefined();
			await cache.set('k', round + 1000, {tags: ['t']});
			expect(await cache.get('k')).toBe(round + 1000);
		}
	});

	it('let live what is set right after, also far from Redis', async () => {
		const proxy = await fixture.proxy();
		proxy.add({kind: 'latency', delayMs: 10, jitterMs: 10});
		const cache = await fixture.openBehind(proxy, {deadline: 1000});
		for (let round = 0; round < 10; round++) {
			await cache.clear();
			await cache.set('k', round);
			expect(await cache.get('k')).toBe(round);
		}
	});

	it('let live what is set right after, also while the clock of the server is only known within 80 ms', async () => {
		const proxy = await fixture.proxy();
		const slow = proxy.add({kind: 'latency', delayMs: 80, direction: 'up'});
		const cache = await fixture.openBehind(proxy);
		proxy.lift(slow.id);
		await cache.clear();
		await cache.set('k', 1, {tags: ['t']});
		expect(await cache.get('k')).toBe(1);
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('k', 2, {tags: ['t']});
		expect(await cache.get('k')).toBe(2);
		expect(await (await fixture.open()).get('k')).toBe(2);
	});

	it('let die what was set before, also while the clock of the server is only known within 80 ms', async () => {
		const proxy = await fixture.proxy();
		const slow = proxy.add({kind: 'latency', delayMs: 80, direction: 'up'});
		const cache = await fixture.openBehind(proxy);
		proxy.lift(slow.id);
		await cache.set('k', 1, {tags: ['t']});
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		const stored = cache.set('k', 2, {tags: ['t']});
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		await stored;
		expect(await cache.get('k')).toBeUndefined();
		proxy.add({kind: 'refuse'});
		await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('k', 3, {tags: ['t']});
		expect(await cache.get('k')).toBe(3);
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('leave the stale value out, too: it may not be served when a loader fails', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old', {ttl: 1, grace: '1h', tags: ['t']});
		await cache.invalidateTags(['t']);
		const failed = await settle(cache.getOrSet('k', () => Promise.reject(new Error('no database'))));
		expect(failed.error).toMatchObject({message: 'no database'});
	});
});

describe('strict calls', () => {
	it('reject because of Redis, and change nothing where it was certainly not reached', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'before');
		proxy.add({kind: 'refuse'});
		await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
		for (const call of [
			() => cache.get('k', {strict: true}),
			() => cache.getEntry('k', {strict: true}),
			() => cache.getOrSet('k', () => 1, {strict: true}),
			() => cache.set('k', 'after', {strict: true}),
			() => cache.delete('k', {strict: true}),
		]) {
			const {error, ms} = await settle<unknown>(call());
			expect(error).toBeInstanceOf(RedisCacheError);
			expect((error as Error).message).not.toContain('\n');
			expect(ms).toBeLessThan(100);
		}
		expect(cache.stats().journal.size).toBe(0);
		proxy.heal();
		await until(() => cache.stats().mode.mode === 'connected', 'connected');
		expect(await cache.get('k', {strict: true})).toBe('before');
	});

	it('reject at their deadline when Redis does not answer, and the key is reconciled', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true});
		await cache.set('k', 'before');
		proxy.add({kind: 'stall'});
		const {error, ms} = await settle(cache.set('k', 'after'));
		expect(error).toMatchObject({code: 'ERR_DEADLINE'});
		expect(ms).toBeLessThan(600);
		expect(cache.stats().journal.size).toBe(1);
		proxy.heal();
		await until(() => cache.stats().mode.mode === 'connected' && cache.stats().journal.size === 0, 'reconciled');
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('ready', () => {
	it('resolves when Redis is in use, at once when it already is', async () => {
		const cache = fixture.create();
		await cache.ready();
		await cache.ready(1);
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('rejects with the reason when Redis is not there, without a password', async () => {
		const cache = fixture.create({url: `redis://me:sesame@127.0.0.1:${await freePort()}`});
		const {error, ms} = await settle(cache.ready(300));
		expect(error).toBeInstanceOf(NotConnectedError);
		expect((error as Error).message).toMatch(/ECONNREFUSED/);
		expect((error as Error).message).not.toContain('sesame');
		expect(ms).toBeLessThan(1500);
	});

	it('resolves later, when Redis has been started meanwhile', async () => {
		const proxy = await fixture.proxy();
		proxy.add({kind: 'refuse'});
		const cache = fixture.create({url: `redis://${proxy.host}:${proxy.port}`});
		const ready = cache.ready('10s');
		expect(await cache.set('k', 1)).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe(1);
		proxy.heal();
		await ready;
		expect(await cache.set('k', 2)).toEqual({stored: 'redis'});
	});
});

describe('stats', () => {
	it('count what happened, and can be serialised', async () => {
		const cache = await fixture.open({memory: {maxEntries: 2}});
		await cache.set('a', 1);
		await cache.set('b', 2);
		await cache.set('c', 3);
		await cache.get('a');
		await cache.get('missing');
		await cache.delete('b');
		await cache.clear();
		await cache.getOrSet('d', () => 4);
		await settle(cache.getOrSet('e', () => Promise.reject(new Error('no'))));
		const stats = cache.stats();
		expect(stats.counters).toMatchObject({sets: 3, deletes: 1, invalidations: 1, loads: 2, loadErrors: 1, errors: 0});
		expect(stats.counters.evictions).toBeGreaterThan(0);
		expect(stats.counters.hitsRedis).toBe(1);
		expect(stats.counters.misses).toBe(3);
		expect(stats.memory).toMatchObject({maxEntries: 2});
		expect(stats.memory.entries).toBeLessThanOrEqual(2);
		expect(stats.pending).toBe(0);
		expect(stats.modes.length).toBeGreaterThan(0);
		expect(structuredClone(stats)).toEqual(stats);
		expect(JSON.parse(JSON.stringify(stats))).toBeTypeOf('object');
	});
});

describe('without an URL', () => {
	it('REDIS_URL is used', async () => {
		const before = process.env.REDIS_URL;
		process.env.REDIS_URL = fixture.redis.url;
		const cache = new RedisCache();
		if (before === undefined) delete process.env.REDIS_URL;
		else process.env.REDIS_URL = before;
		await cache.ready();
		await cache.set('k', 'v');
		expect(await fixture.raw.exists('rct:default:k')).toBe(1);
		await cache.close();
	});
});

describeReal('a user who may do little', () => {
	it('can use the cache without INFO, CLIENT TRACKING and SCRIPT', async () => {
		await fixture.raw.call(
			'ACL',
			'SETUSER',
			'little',
			'on',
			'nopass',
			'~rct:*',
			'+@all',
			'-@dangerous',
			'-@admin',
			'-script',
			'-client',
		);
		const cache = await fixture.open({url: `redis://little:any@127.0.0.1:${fixture.redis.port}`});
		expect(await cache.set('k', 1, {tags: ['t']})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe(1);
		expect(await cache.getOrSet('l', () => 2)).toBe(2);
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		expect(cache.stats().mode.mode).toBe('connected');
	});
});
