import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {RedisCacheError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {wrong} from '../support/every-call.js';

const fixture = redisFixture();

const codeOf = (error: unknown): unknown => (error as {readonly code?: unknown} | undefined)?.code;

describe('an invalid option of a cache', () => {
	const bad: readonly (readonly [string, unknown])[] = [
		['a TTL that is none', {ttl: -1}],
		['a default TTL that is none', {ttl: {default: 'soon'}}],
		['a maximum that is none', {ttl: {max: Number.NaN}}],
		['a negative TTL that is none', {ttl: {negative: -1}}],
		['jitter over 1', {ttl: {jitter: 1.1}}],
		['jitter that is no number', {ttl: {jitter: Number.NaN}}],
		['refreshAhead below 0', {ttl: {refreshAhead: -0.1}}],
		['a pattern with a TTL that is none', {ttl: {patterns: [{match: '*', ttl: 'x'}]}}],
		['an unknown codec', {codec: 'yaml'}],
		['a codec with the id of a built-in one', {codec: {id: 'j', encode: String, decode: String}}],
		['a codec with a long id', {codec: {id: 'XY', encode: String, decode: String}}],
		['an unknown compression', {compression: {algorithm: 'zip'}}],
		['a compression threshold that is none', {compression: {thresholdBytes: -1}}],
		['a value limit that is none', {maxValueBytes: Number.NaN}],
		['an unknown way of coherence', {memory: {coherence: 'pubsub' as 'auto'}}],
		['no room in memory', {memory: {maxEntries: 0}}],
		['half an entry in memory', {memory: {maxEntries: 1.5}}],
		['few bytes in memory', {memory: {maxBytes: 1}}],
		['trust that is none', {memory: {trust: 'much'}}],
		['an empty journal', {journal: {maxKeys: 0}}],
		['a breaker that opens at 0', {breaker: {consecutive: 0}}],
		['a breaker with a rate over 1', {breaker: {rate: 2}}],
		['probes without a pause', {breaker: {probeInterval: 0}}],
		['an invalid hard timeout', {loader: {hardTimeout: -5}}],
		['an invalid soft timeout', {loader: {softTimeout: 'x'}}],
		['a deadline of 0', {deadline: 0}],
		['no lanes', {pool: {lanes: 0}}],
		['lanes without room for a write beside a read', {pool: {capacity: 1}}],
		['a URL that is none', {url: 'not a url'}],
		['a URL of another protocol', {url: 'http://127.0.0.1'}],
		['a port out of range', {url: 'redis://127.0.0.1:99999'}],
	];
	it.each(bad)('%s makes the constructor throw with one line that names the option', (_name, options) => {
		let error: unknown;
		try {
			void fixture.create(options as CacheOptions);
		} catch (thrown) {
			error = thrown;
		}
		expect(codeOf(error)).toMatch(/^ERR_INVALID_(ARGUMENT|DURATION|KEY)$/);
		expect((error as Error).message).not.toContain('\n');
	});

	it('the password of an invalid URL is in no message', () => {
		for (const url of [
			'redis://me:sesame@127.0.0.1:99999',
			'redis://me:sesame@',
			'ftp://me:sesame@127.0.0.1',
			'redis://me:sesame@[bad',
		])
			expect(() => fixture.create({url})).toThrow(
				expect.not.objectContaining({message: expect.stringContaining('sesame')}),
			);
	});
});

describe('an option that cannot be used is named in the error', () => {
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

describe('durations in the options of a cache', () => {
	it('are accepted wherever there is a time', async () => {
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
		[{pool: {natMap: {'10.0.0.7:6379': {host: 'localhost', port: 0}}}}, /^pool\.natMap must be a function, or map/],
		[{pool: {checkouts: {acquireTimeout: 'soon'}}}, /^pool\.checkouts\.acquireTimeout "soon" is not a duration/],
		[{ttl: '31d', pool: {lanes: 0}}, /lanes must be/],
		[{ttl: {max: '1h', default: '2h'}}, 'ttl.default is 7200000 ms, longer than ttl.max, 3600000 ms: raise ttl.max'],
		[{ttl: {max: '1h', negative: '2h'}}, /^ttl\.negative is .* longer than ttl\.max/],
		[{ttl: {max: '1h', patterns: [{match: '*', ttl: '2h'}]}}, /^ttl\.patterns\.ttl is .* longer than ttl\.max/],
	] as const) {
		it(`are rejected out of range, by name: ${JSON.stringify(options)}`, () => {
			expect(() => fixture.create(wrong(options))).toThrow(message);
		});
	}

	it('a ttl.max below the built-in defaults shortens them', async () => {
		const cache = await fixture.open({ttl: {max: 1000, jitter: 0}});
		await cache.set('k', 1);
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(1000);
	});
});
