import {describe, expect, it} from 'vitest';
import type {CacheOptions, Duration, LoaderContext} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {RedisCacheError} from '../../source/pool/errors.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const dayMs = 86_400_000;

/** What JavaScript callers may pass. */
const wrong = (value: unknown): never => value as never;

type Call = (cache: RedisCache, options: never) => Promise<unknown>;

const calls: Readonly<Record<string, Call>> = {
	get: (cache, options) => cache.get('k', options),
	getEntry: (cache, options) => cache.getEntry('k', options),
	has: (cache, options) => cache.has('k', options),
	ttl: (cache, options) => cache.ttl('k', options),
	getMany: (cache, options) => cache.getMany(['k'], options),
	getOrSet: (cache, options) => cache.getOrSet('k', () => 1, options),
	set: (cache, options) => cache.set('k', 1, options),
	setMany: (cache, options) => cache.setMany([['k', 1]], options),
	delete: (cache, options) => cache.delete('k', options),
	deleteMany: (cache, options) => cache.deleteMany(['k'], options),
	expire: (cache, options) => cache.expire('k', '1m', options),
	touch: (cache, options) => cache.touch('k', options),
	invalidateTags: (cache, options) => cache.invalidateTags(['t'], options),
	clear: (cache, options) => cache.clear(options),
};

describe('an option that does not exist', () => {
	for (const [name, call] of Object.entries(calls)) {
		it(`of ${name}: one typed error that suggests the nearest, and nothing is changed`, async () => {
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

		it(`of ${name}: something else than an object is refused, too`, async () => {
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

		it(`of ${name}: undefined stands for its default`, async () => {
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
		[{journal: {file: 'x'}}, 'journal has no option "file": there are maxKeys, path'],
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

	it('something else in the place of options: what was meant is guessed, and no credential is shown', async () => {
		const cache = await fixture.open();
		await expect(cache.set('k', 1, wrong(60))).rejects.toThrow('not a number: give a TTL as {ttl}');
		await expect(cache.getOrSet('k', () => 1, wrong('5m'))).rejects.toThrow('not a string: give a TTL as {ttl}');
		expect(() => fixture.create(wrong({ttl: {default: '5m', patterns: [60]}}))).toThrow(/^ttl\.patterns/);
		const make = () => new RedisCache(wrong('redis://:sesame@127.0.0.1'));
		expect(make).toThrow('the options of RedisCache must be an object, not a string: give a URL as {url}');
	});

	it('of a loader: its caller is told, and nothing is stored', async () => {
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

describe('times of the cache', () => {
	it('are durations, all of them', async () => {
		const options: CacheOptions = {
			deadline: '0.25s',
			ttl: {default: '10m', max: '1h', grace: '1d', negative: '1s'},
			memory: {trust: '1s'},
			loader: {softTimeout: '1s', hardTimeout: '1m'},
			breaker: {probeInterval: '50ms'},
			pool: {
				connectTimeout: '1s',
				reconnect: {min: '10ms', max: '1s'},
				checkouts: {min: 1, max: 2, idleTimeout: '1m', maxLifetime: '1h', acquireTimeout: '2s'},
			},
		};
		const cache = await fixture.open(options);
		expect(cache.stats().pool).toMatchObject({deadlineMs: 250, checkouts: {min: 1, max: 2}});
	});

	for (const [options, message] of [
		[{deadline: '2m'}, 'deadline must be from 1 to 60000 ms, not 120000 ms'],
		[{deadline: 0}, /^deadline must be from 1/],
		[{breaker: {probeInterval: 1}}, /^breaker\.probeInterval must be from 10 to 60000 ms/],
		[{pool: {connectTimeout: '2d'}}, /^pool\.connectTimeout must be from 1/],
		[{pool: {reconnect: {min: '1s', max: '500ms'}}}, 'pool.reconnect.max must be from 1000'],
		[{pool: {checkouts: {acquireTimeout: 'soon'}}}, /^pool\.checkouts\.acquireTimeout "soon" is not a duration/],
		[{ttl: '31d', pool: {lanes: 0}}, /lanes must be/],
		[{ttl: {max: '1h', default: '2h'}}, 'ttl.default is 7200000 ms, longer than ttl.max, 3600000 ms: raise ttl.max'],
		[{ttl: {max: '1h', negative: '2h'}}, /^ttl\.negative is .* longer than ttl\.max/],
		[{ttl: {max: '1h', patterns: [{match: '*', ttl: '2h'}]}}, /^ttl\.patterns\.ttl is .* longer than ttl\.max/],
	] as const) {
		it(`are refused out of range, by name: ${JSON.stringify(options)}`, () => {
			expect(() => fixture.create(wrong(options))).toThrow(message);
		});
	}

	it('a maximum below the built-in defaults shortens them', async () => {
		const cache = await fixture.open({ttl: {max: 1000, jitter: 0}});
		await cache.set('k', 1);
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(1000);
	});
});

describe('one rule for TTLs', () => {
	const ways: Readonly<Record<string, (cache: RedisCache, ttl: Duration) => Promise<unknown>>> = {
		set: (cache, ttl) => cache.set('k', 'v', {ttl}),
		setMany: (cache, ttl) => cache.setMany([['k', 'v']], {ttl}),
		getOrSet: (cache, ttl) => cache.getOrSet('k', () => 'v', {ttl}),
		'what a loader says': (cache, ttl) =>
			cache.getOrSet('k', ({setOptions}) => {
				setOptions({ttl});
				return 'v';
			}),
		expire: async (cache, ttl) => {
			await cache.set('k', 'v', {ttl: '1s'});
			return cache.expire('k', ttl);
		},
	};

	for (const [way, give] of Object.entries(ways)) {
		it(`${way}: no TTL is longer than the maximum`, async () => {
			const cache = await fixture.open({deadline: '2s', ttl: {max: '1h', default: '1m', jitter: 0}});
			for (const ttl of ['2h', '1h', Number.POSITIVE_INFINITY] as const) {
				await give(cache, ttl);
				const left = (await cache.ttl('k')) ?? 0;
				expect(left).toBeGreaterThan(3_590_000);
				// The server's clock is known only so well.
				expect(left).toBeLessThan(3_601_000);
				expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(3_600_000);
				await cache.delete('k');
			}
		});

		it(`${way}: without a maximum of one's own a month is a month`, async () => {
			const cache = await fixture.open({ttl: {jitter: 0}});
			await give(cache, '30d');
			expect(await cache.ttl('k')).toBeGreaterThan(30 * dayMs - 10_000);
		});

		it(`${way}: 0 is not kept, not for a moment, whatever grace there is`, async () => {
			const cache = await fixture.open({ttl: {grace: '1h'}});
			const other = await fixture.open();
			await give(cache, 0);
			expect(await fixture.raw.exists('rct:default:k')).toBe(0);
			expect(await cache.get('k')).toBeUndefined();
			expect(await other.get('k')).toBeUndefined();
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		});
	}

	it('set with a TTL of 0 takes away what was there, for every process', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('k', 'old');
		expect(await other.get('k')).toBe('old');
		expect(await cache.set('k', 'new', {ttl: 0})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBeUndefined();
		await until(async () => (await other.get('k')) === undefined, 'the other one hears of it');
	});

	for (const [name, load, options] of [
		['a value with a TTL of 0', () => 'new', {ttl: 0}],
		['a "not there" that is not remembered', () => undefined, {negativeTtl: 0}],
	] as const) {
		it(`a reload that finds ${name} leaves nothing of the older value, for any process`, async () => {
			const cache = await fixture.open({ttl: {grace: '1h'}});
			const other = await fixture.open();
			await cache.set('k', 'old');
			expect(await other.get('k')).toBe('old');
			expect(await cache.getOrSet('k', load, {...options, fresh: true})).toBe(load());
			await until(async () => (await cache.get('k')) === undefined, 'it is gone here');
			await until(async () => (await other.get('k')) === undefined, 'it is gone there');
			await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'and in Redis');
			const failing = () => Promise.reject(new Error('no database'));
			await expect(cache.getOrSet('k', failing)).rejects.toThrow('no database');
		});
	}

	it('a reload that is not to be kept tells nobody that there is nothing', async () => {
		const cache = await fixture.open();
		const other = await fixture.open({memory: false});
		for (let round = 0; round < 30; round++) {
			await cache.set('k', 'old');
			let isOver = false;
			const reload = cache
				.getOrSet('k', () => 'new', {ttl: 0, fresh: true})
				.finally(() => {
					isOver = true;
				});
			while (!isOver) expect(await other.getOrSet('k', () => 'loaded', {ttl: 0})).toBeTypeOf('string');
			expect(await other.getOrSet('k', () => 'loaded', {ttl: 0})).toBeTypeOf('string');
			expect(await reload).toBe('new');
		}
	});

	it('a default of 0 keeps only what is given a TTL', async () => {
		const cache = await fixture.open({ttl: {default: 0}});
		await cache.set('a', 1);
		await cache.set('b', 1, {ttl: '1m'});
		expect(await cache.getMany(['a', 'b'])).toEqual(new Map([['b', 1]]));
	});

	it('expire takes a TTL as it is, without jitter', async () => {
		const cache = await fixture.open({ttl: {jitter: 1}});
		await cache.set('k', 1);
		await cache.expire('k', '1h');
		expect(await cache.ttl('k')).toBeGreaterThan(3_590_000);
		expect((await settle(cache.expire('k', wrong(undefined)))).error).toMatchObject({code: 'ERR_INVALID_DURATION'});
	});
});

describe('bulk calls', () => {
	const iterables: Readonly<Record<string, () => Iterable<string>>> = {
		'an array': () => ['a', 'b'],
		'a Set': () => new Set(['a', 'b']),
		'the keys of a Map': () =>
			new Map([
				['a', 1],
				['b', 2],
			]).keys(),
		'a generator': function* () {
			yield 'a';
			yield 'b';
		},
	};
	for (const [name, keys] of Object.entries(iterables)) {
		it(`take ${name}`, async () => {
			const cache = await fixture.open();
			await cache.setMany(new Map(Object.entries({a: 1, b: 2, c: 3})), {tags: ['a', 'b']});
			expect(await cache.getMany(keys())).toEqual(new Map(Object.entries({a: 1, b: 2})));
			expect(await cache.deleteMany(keys())).toEqual({stored: 'redis'});
			expect(await cache.getMany(['a', 'b', 'c'])).toEqual(new Map([['c', 3]]));
			expect(await cache.invalidateTags(keys())).toEqual({stored: 'redis'});
			expect(await cache.get('c')).toBeUndefined();
		});
	}

	it.each(['key', null, undefined, 1, {}])('do not take %j for a list of keys', async (keys) => {
		const cache = await fixture.open();
		for (const call of [
			() => cache.getMany(wrong(keys)),
			() => cache.deleteMany(wrong(keys)),
			() => cache.invalidateTags(wrong(keys)),
		])
			expect((await settle<unknown>(call())).error).toMatchObject({code: 'ERR_INVALID_ARGUMENT'});
	});
});

describe('strict, for one call', () => {
	const strictCalls = Object.entries(calls).filter(([name]) => name !== 'getOrSet');
	for (const [name, call] of strictCalls) {
		it(`${name}: rejects while Redis is away, and falls back when told to`, async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy);
			const strictCache = await fixture.openBehind(proxy, {strict: true});
			proxy.add({kind: 'refuse'});
			for (const each of [cache, strictCache])
				await until(() => each.stats().mode.mode === 'fallback', 'it falls back');
			expect((await settle(call(cache, wrong({strict: true})))).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
			expect((await settle(call(strictCache, wrong({})))).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
			expect((await settle(call(strictCache, wrong({strict: false})))).error).toBeUndefined();
		});
	}
});

describe('a signal', () => {
	for (const name of ['get', 'getEntry', 'has', 'ttl', 'getMany', 'getOrSet'] as const) {
		it(`settles ${name} early`, async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy, {deadline: '10s'});
			proxy.add({kind: 'stall'});
			const controller = new AbortController();
			const call = calls[name]?.(cache, wrong({signal: controller.signal})) ?? Promise.resolve();
			const settled = settle(call);
			controller.abort(new Error('gave up'));
			const {error, ms} = await settled;
			expect(error).toMatchObject({message: 'gave up'});
			expect(ms).toBeLessThan(1000);
			proxy.heal();
		});

		it(`that is none is refused by ${name}`, async () => {
			const cache = await fixture.open();
			const call = calls[name]?.(cache, wrong({signal: new AbortController()})) ?? Promise.resolve();
			expect((await settle(call)).error).toMatchObject({
				code: 'ERR_INVALID_ARGUMENT',
				message: 'signal must be an AbortSignal, not object',
			});
		});
	}
});
