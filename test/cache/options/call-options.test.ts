import {describe, expect, it} from 'vitest';
import type {LoaderContext} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {RedisCacheError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {calls, wrong} from '../support/every-call.js';

const fixture = redisFixture();

describe('an option that does not exist', () => {
	for (const [name, call] of Object.entries(calls)) {
		it(`of ${name} is a typed error that suggests the nearest one, and nothing is changed`, async () => {
			const cache = await fixture.open();
			const {error} = await settle(call(cache, wrong({stict: true})));
			expect(error).toMatchObject({code: 'ERR_INVALID_ARGUMENT'});
			expect((error as Error).message).toBe(`${name} has no option "stict": did you mean strict?`);
			expect((await settle(call(cache, wrong({fallback: 1})))).error).toMatchObject({
				message: expect.stringMatching(/^\w+ has no option "fallback": there are .*strict/),
			});
			expect(await fixture.raw.keys('rct:default:*')).toEqual([]);
			expect(cache.stats()).toMatchObject({pending: 0, counters: {sets: 0, deletes: 0, invalidations: 0, loads: 0}});
		});

		it(`of ${name}: options that are not an object are rejected, too`, async () => {
			const cache = await fixture.open();
			for (const options of [60, '1m', null, true, ['1m']])
				expect((await settle(call(cache, wrong(options)))).error).toMatchObject({
					code: 'ERR_INVALID_ARGUMENT',
					message: expect.stringMatching(/^the options of \w+ must be an object, not (a |null)/),
				});
			expect((await settle(call(cache, wrong({strict: 'yes'})))).error).toMatchObject({
				message: 'strict must be true or false, not string',
			});
			expect(await fixture.raw.keys('rct:default:*')).toEqual([]);
		});

		it(`of ${name}: undefined means the default`, async () => {
			const cache = await fixture.open();
			expect((await settle(call(cache, wrong({strict: undefined})))).error).toBeUndefined();
			expect((await settle(call(cache, wrong(undefined)))).error).toBeUndefined();
		});
	}

	for (const [options, message] of [
		[{names: 'x'}, /^RedisCache has no option "names": there are url, deadline, /],
		[{nameSpace: 'x'}, 'RedisCache has no option "nameSpace": did you mean namespace?'],
		[{ttl: {defualt: '5m'}}, 'ttl has no option "defualt": did you mean default?'],
		[{ttl: {patterns: [{match: '*', tll: 1}]}}, 'ttl.patterns has no option "tll": did you mean ttl?'],
		[{memory: {maxEntires: 1}}, 'memory has no option "maxEntires": did you mean maxEntries?'],
		[{compression: {treshold: 1}}, /^compression has no option "treshold"/],
		[{journal: {file: 'x'}}, 'journal has no option "file": there are maxKeys, path, directory'],
		[{loader: {hardTimeOut: 1}}, 'loader has no option "hardTimeOut": did you mean hardTimeout?'],
		[{breaker: {rates: 1}}, 'breaker has no option "rates": did you mean rate?'],
		[{pool: {lane: 1}}, 'pool has no option "lane": did you mean lanes?'],
		[{pool: {reconnect: {minMs: 1}}}, /^pool\.reconnect has no option "minMs"/],
		[{pool: {checkouts: {maximum: 1}}}, /^pool\.checkouts has no option "maximum"/],
		[{pool: {url: 'redis://127.0.0.1'}}, /^pool has no option "url"/],
	] as const) {
		it(`of the cache: ${JSON.stringify(options)}`, () => {
			expect(() => fixture.create(wrong(options))).toThrow(message);
		});
	}

	it('in place of an object: the error says how to give a URL or a TTL, and shows no credential', async () => {
		const cache = await fixture.open();
		await expect(cache.set('k', 1, wrong(60))).rejects.toThrow('not a number: give a TTL as {ttl}');
		await expect(cache.getOrSet('k', () => 1, wrong('5m'))).rejects.toThrow('not a string: give a TTL as {ttl}');
		expect(() => fixture.create(wrong({ttl: {default: '5m', patterns: [60]}}))).toThrow(/^ttl\.patterns/);
		const make = () => new RedisCache(wrong('redis://:sesame@127.0.0.1'));
		expect(make).toThrow('the options of RedisCache must be an object, not a string: give a URL as {url}');
	});

	it('set by a loader makes its callers reject, and nothing is stored', async () => {
		const cache = await fixture.open();
		for (const options of [{tll: 1}, {strict: true}, {ttl: '5 parsecs'}, {tags: 'users'}, null]) {
			const load = ({setOptions}: LoaderContext) => {
				setOptions(wrong(options));
				return 1;
			};
			expect((await settle(cache.getOrSet('k', load))).error).toBeInstanceOf(RedisCacheError);
			expect(await cache.get('k')).toBeUndefined();
		}
	});
});

describe('an argument that cannot be used', () => {
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
		it(`${name}: is a typed error, and nothing is changed`, async () => {
			const cache = await fixture.open();
			const {error} = await settle<unknown>(call(cache));
			expect(error).toBeInstanceOf(RedisCacheError);
			expect(cache.stats()).toMatchObject({pending: 0, journal: {size: 0}});
			expect(await fixture.raw.keys('rct:default:*')).toEqual([]);
			// The next call still works.
			expect(await cache.invalidateTags(['x'])).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBeUndefined();
		});
	}

	it('an invalid duration is rejected before anything is loaded', async () => {
		const cache = await fixture.open();
		let loads = 0;
		const load = () => ++loads;
		for (const name of ['ttl', 'grace', 'negativeTtl', 'softTimeout', 'hardTimeout'] as const) {
			const options = {[name]: wrong('5 minutes')};
			expect((await settle(cache.getOrSet('k', load, options))).error).toMatchObject({code: 'ERR_INVALID_DURATION'});
		}
		expect(loads).toBe(0);
	});

	it('listening to an unknown event, or without a listener, throws', () => {
		const cache = fixture.create();
		expect(() => cache.on(wrong('nope'), () => {})).toThrow(/no event "nope": there are hit, miss/);
		expect(() => cache.on(wrong('toString'), () => {})).toThrow(RedisCacheError);
		expect(() => cache.on('hit', wrong(undefined))).toThrow(/listener must be a function/);
	});
});

it('an enumerable property of Object.prototype is no option of a call', async () => {
	Object.defineProperty(Object.prototype, 'fromElsewhere', {
		value: 1,
		enumerable: true,
		configurable: true,
		writable: true,
	});
	try {
		const cache = await fixture.open({ttl: {default: '1h'}});
		expect(await cache.set('k', 1, {ttl: '1m'})).toEqual({stored: 'redis'});
		expect(await cache.get('k', {strict: true})).toBe(1);
		expect(await cache.getOrSet('l', () => 2, {ttl: '1m'})).toBe(2);
	} finally {
		Reflect.deleteProperty(Object.prototype, 'fromElsewhere');
	}
});
