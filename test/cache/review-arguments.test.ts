import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {RedisCacheError} from '../../source/pool/errors.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';

const fixture = redisFixture();

/** What JavaScript callers may pass. */
const wrong = (value: unknown): never => value as never;

describe('options that cannot be used are named', () => {
	for (const [name, options, said] of [
		['null', null, /options .* null/],
		['a URL object', {url: new URL('redis://user:s3cret@127.0.0.1')}, /^url must be a string, not object/],
		['a number for the URL', {url: 5}, /^url/],
		['null for the TTL', {ttl: null}, /^ttl/],
		['a pattern that matches nothing', {ttl: {patterns: [{ttl: 5}]}}, /^ttl\.patterns\.match/],
		['null among the patterns', {ttl: {patterns: [null]}}, /^ttl\.patterns\.match/],
		['patterns that are no list', {ttl: {patterns: {match: 'a'}}}, /^ttl\.patterns/],
		['an unknown compression', {compression: {algorithm: 'gzip'}}, /^compression\.algorithm/],
		['a number for the path of the journal', {journal: {path: 5}}, /^journal\.path/],
		["'false' for strict", {strict: 'false'}, /^strict/],
	] as const) {
		it(name, () => {
			let error: unknown;
			try {
				void new RedisCache(wrong(options)).close();
			} catch (thrown) {
				error = thrown;
			}
			expect(error).toBeInstanceOf(RedisCacheError);
			expect((error as Error).message).toMatch(said);
			expect((error as Error).message).not.toContain('s3cret');
		});
	}
});

describe('arguments that cannot be used', () => {
	for (const [name, call] of [
		['getMany without a list', (cache) => cache.getMany(wrong(null))],
		['getMany of one key', (cache) => cache.getMany(wrong('key'))],
		['deleteMany without a list', (cache) => cache.deleteMany(wrong(undefined))],
		['setMany without entries', (cache) => cache.setMany(wrong(null))],
		['setMany of something else than pairs', (cache) => cache.setMany(wrong([1]))],
		['getOrSet without a loader', (cache) => cache.getOrSet('k', wrong(undefined))],
		['a tag that is no list', (cache) => cache.set('k', 1, {tags: wrong('users')})],
		['invalidateTags of one tag', (cache) => cache.invalidateTags(wrong('users'))],
		['invalidateTags without a list', (cache) => cache.invalidateTags(wrong(null))],
		['half of a surrogate pair', (cache) => cache.set('x\uD800', 1)],
		['half of a surrogate pair in a tag', (cache) => cache.set('k', 1, {tags: ['x\uD800']})],
	] as const satisfies readonly (readonly [string, (cache: RedisCache) => Promise<unknown>])[]) {
		it(`${name}: one typed error, and nothing is changed`, async () => {
			const cache = await fixture.open();
			const {error} = await settle<unknown>(call(cache));
			expect(error).toBeInstanceOf(RedisCacheError);
			expect(cache.stats()).toMatchObject({pending: 0, journal: {size: 0}});
			expect(await fixture.raw.keys('rct:default:*')).toEqual([]);
			// Nor is the next call spoilt.
			expect(await cache.invalidateTags(['x'])).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBeUndefined();
		});
	}

	it('a wait that is no duration is refused before anything is loaded', async () => {
		const cache = await fixture.open();
		let loads = 0;
		const load = () => ++loads;
		for (const name of ['ttl', 'grace', 'negativeTtl', 'softTimeout', 'hardTimeout'] as const) {
			const options = {[name]: wrong('5 minutes')};
			expect((await settle(cache.getOrSet('k', load, options))).error).toMatchObject({code: 'ERR_INVALID_DURATION'});
		}
		expect(loads).toBe(0);
	});

	it('listening to what does not exist, or with nothing, is refused', () => {
		const cache = fixture.create();
		expect(() => cache.on(wrong('nope'), () => {})).toThrow(/no event "nope": there are hit, miss/);
		expect(() => cache.on(wrong('toString'), () => {})).toThrow(RedisCacheError);
		expect(() => cache.on('hit', wrong(undefined))).toThrow(/listener must be a function/);
	});
});

describe('a listener', () => {
	it('that takes its place anew is called once for an event', async () => {
		const cache = await fixture.open();
		let calls = 0;
		const listen = () => {
			const stop = cache.on('miss', () => {
				calls++;
				stop();
				if (calls < 100) listen();
			});
		};
		listen();
		await cache.get('nothing');
		expect(calls).toBe(1);
	});

	it('that rejects does no harm', async () => {
		const cache = await fixture.open();
		const rejections: unknown[] = [];
		const onRejection = (reason: unknown) => rejections.push(reason);
		process.on('unhandledRejection', onRejection);
		cache.on('miss', async () => {
			throw new Error('mistake');
		});
		await cache.get('nothing');
		await new Promise((resolve) => setTimeout(resolve, 20));
		process.off('unhandledRejection', onRejection);
		expect(rejections).toEqual([]);
	});
});

it('long waits are waits: a hard time-out of 30 days does not fire at once', async () => {
	const options: CacheOptions = {loader: {hardTimeout: Number.POSITIVE_INFINITY}};
	const cache = await fixture.open(options);
	const slowly = () => new Promise((resolve) => setTimeout(resolve, 20, 'value'));
	expect(await cache.getOrSet('a', slowly)).toBe('value');
	expect(await cache.getOrSet('b', slowly, {hardTimeout: '30d'})).toBe('value');
});
