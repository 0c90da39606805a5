import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {headerBytes, parseEntry} from '../../source/cache/entry/entry.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {realRedisVersion} from '../support/real-redis.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const key = 'rct:default:k';

const bytes: Readonly<Record<string, string | Buffer>> = {
	'an empty string': '',
	text: 'hello',
	'a long text': 'x'.repeat(10_000),
	JSON: '{"a":1}',
	'our magic and nothing else': 'rct1',
	'our magic and half a header': `rct1vj--${'1'.repeat(30)}`,
	'our magic and letters for times': `rct1vj--${'x'.repeat(200)}`,
	'our magic and times beyond all time': `rct1vj--${'9'.repeat(200)}`,
	'our magic and an unknown kind': `rct1zj--${'0'.repeat(109)}1`,
	'an entry of a future format': `rct2vj--${'1'.repeat(109)}{"new":true}`,
	'a header that promises more tags than there are bytes': `rct1vj--${'1'.repeat(104)}99999"v"`,
	'arbitrary bytes': Buffer.from(Array.from({length: 300}, (_, index) => (index * 37) % 256)),
};

const others: Readonly<Record<string, (at: string) => Promise<unknown>>> = {
	'a list': (at) => fixture.raw.rpush(at, 'a'),
	'a hash': (at) => fixture.raw.hset(at, 'a', 1),
	'a set': (at) => fixture.raw.sadd(at, 'a'),
	'a sorted set': (at) => fixture.raw.zadd(at, 1, 'a'),
	// The built-in server has no streams.
	...(realRedisVersion && {'a stream': (at) => fixture.raw.xadd(at, '*', 'a', '1')}),
};

const inhabitants = {
	...Object.fromEntries(
		Object.entries(bytes).map(([name, value]) => [
			name,
			(at: string) => fixture.raw.set(at, value) as Promise<unknown>,
		]),
	),
	...others,
};

describe('under one of our keys', () => {
	for (const [name, put] of Object.entries(inhabitants)) {
		it(`${name}: a miss, which can be loaded, set, deleted and reconciled`, async () => {
			const cache = await fixture.open();
			await put(key);
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.getEntry('k')).toBeUndefined();
			expect(await cache.has('k')).toBe(false);
			expect(await cache.ttl('k')).toBeUndefined();
			expect(await cache.getMany(['k', 'l'])).toEqual(new Map());
			expect(await cache.expire('k', '1m')).toEqual({stored: 'redis', applied: false});
			expect(await cache.touch('k')).toEqual({stored: 'redis', applied: false});
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
			await put(key).catch(() => {});
			expect(await cache.set('k', 'set')).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBe('set');
			expect(await (await fixture.open()).get('k')).toBe('set');
			await fixture.raw.del(key);
			await put(key);
			expect(await cache.delete('k')).toEqual({stored: 'redis'});
			expect(await fixture.raw.exists(key)).toBe(0);
			await put(key);
			cache.internals.parts.modes.fallBack('a test says so');
			await cache.delete('k');
			await until(() => cache.stats().mode.mode === 'connected', 'recovered, with the key reconciled');
			expect(cache.stats().journal.size).toBe(0);
			expect(await cache.get('k')).toBeUndefined();
		});
	}

	it('they are counted as corrupt, and reported without the bytes', async () => {
		const cache = await fixture.open();
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
		await fixture.raw.set(key, `rct2vj--${'1'.repeat(109)}"my secret"`);
		expect(await cache.get('k')).toBeUndefined();
		expect(cache.stats().counters).toMatchObject({corrupt: 1, misses: 1});
		expect(errors).toEqual([expect.stringContaining('"k"')]);
		expect(errors[0]).not.toContain('secret');
	});
});

describe('under a mark', () => {
	for (const [name, put] of Object.entries(inhabitants)) {
		it(`${name}: entries are misses until it is made anew, and clear works`, async () => {
			const cache = await fixture.open();
			await cache.set('k', 'before');
			await fixture.raw.del('rct:!default');
			await put('rct:!default');
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.set('k', 'set')).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBe('set');
			await fixture.raw.del('rct:!default');
			await put('rct:!default');
			expect(await cache.clear()).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
			expect(await (await fixture.open()).get('k')).toBe('loaded');
		});
	}
});

describe('damaged entries', () => {
	it('cut short anywhere they are a miss, or for a value without an end of its own a shorter one', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', {name: 'Ada', list: [1, 2, 3]}, {tags: ['t']});
		const whole = await fixture.raw.getBuffer(key);
		for (let length = 0; length < (whole?.length ?? 0); length += 7) {
			await fixture.raw.set(key, whole?.subarray(0, length) ?? '');
			expect(await cache.get('k')).toBeUndefined();
			expect((await settle(cache.getOrSet('k', () => 'loaded'))).value).toBe('loaded');
		}
	});

	it('with compressed bytes that are none, or are of an unknown kind or codec, are a miss', async () => {
		const cache = await fixture.open({memory: false, compression: {thresholdBytes: 10}});
		await cache.set('k', 'x'.repeat(1000));
		const whole = (await fixture.raw.getBuffer(key)) ?? Buffer.alloc(0);
		const spoilt = [
			whole.fill(0xff, headerBytes + 1),
			Buffer.concat([whole.subarray(0, 6), Buffer.from('z'), whole.subarray(7)]),
			Buffer.concat([whole.subarray(0, 5), Buffer.from('Q'), whole.subarray(6)]),
		];
		for (const [index, value] of spoilt.entries()) {
			await fixture.raw.set(key, value);
			expect(await cache.get('k')).toBeUndefined();
			expect(cache.stats().counters.corrupt).toBe(index + 1);
		}
	});
});

describe('parsing', () => {
	it('any bytes are an entry, or foreign, and never throw', () => {
		const header = fc
			.tuple(
				fc.constantFrom('rct1', 'rct2', 'RCT1', 'xxxx'),
				fc.constantFrom('v', 'n', 'l', 'z'),
				fc.string({minLength: 3, maxLength: 3}),
				fc.array(fc.constantFrom('0', '1', '8', '9', 'a', ' '), {minLength: 100, maxLength: 120}),
				fc.uint8Array({maxLength: 300}),
			)
			.map(([magic, kind, codec, digits, rest]) =>
				Buffer.concat([Buffer.from(magic + kind + codec + digits.join('')), Buffer.from(rest)]),
			);
		fc.assert(
			fc.property(
				fc.oneof(
					header,
					fc.uint8Array({maxLength: 400}).map((array) => Buffer.from(array)),
				),
				(input) => {
					const parsed = parseEntry(input);
					if (typeof parsed === 'string') {
						expect(parsed).toBe('foreign');
						return;
					}
					for (const number of [parsed.version, parsed.asOf, parsed.ttlMs, parsed.graceMs])
						expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
					expect(parsed.payloadAt).toBeGreaterThanOrEqual(headerBytes);
					expect(parsed.payloadAt).toBeLessThanOrEqual(input.length);
				},
			),
			{numRuns: 2000},
		);
	});

	it('nothing is missing', () => {
		expect(parseEntry(null)).toBe('missing');
		expect(parseEntry(undefined)).toBe('missing');
	});
});
