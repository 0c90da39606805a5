import {describe, expect, it} from 'vitest';
import {headerBytes} from '../../../source/cache/entry/entry.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {realRedisVersion} from '../../support/real-redis.js';
import {fallBack, untilConnected} from '../support/states.js';

const fixture = redisFixture();

const key = 'rct:default:k';

const bytes: Readonly<Record<string, string | Buffer>> = {
	'an empty string': '',
	text: 'hello',
	'a long text': 'x'.repeat(10_000),
	JSON: '{"a":1}',
	'our magic and nothing else': 'rct2',
	'our magic and half a header': `rct2vj--${'1'.repeat(30)}`,
	'our magic and letters for times': `rct2vj--${'x'.repeat(200)}`,
	'our magic and times beyond all time': `rct2vj--${'9'.repeat(200)}`,
	'our magic and an unknown kind': `rct2zj--${'0'.repeat(124)}1`,
	'a header that promises tags that are not there': `rct2vj--${'1'.repeat(124)}{"new":true}`,
	'a header that promises more tags than there are bytes': `rct2vj--${'1'.repeat(119)}99999"v"`,
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

describe('foreign bytes under the key of an entry', () => {
	for (const [name, put] of Object.entries(inhabitants)) {
		it(`${name}: are a miss, and can be loaded over, set, deleted and reconciled`, async () => {
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
			fallBack(cache);
			await cache.delete('k');
			await untilConnected(cache);
			expect(cache.stats().journal.size).toBe(0);
			expect(await cache.get('k')).toBeUndefined();
		});
	}

	it('are counted as corrupt, and reported without the bytes', async () => {
		const cache = await fixture.open();
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
		await fixture.raw.set(key, `rct2vj--${'1'.repeat(124)}"my secret"`);
		expect(await cache.get('k')).toBeUndefined();
		expect(cache.stats().counters).toMatchObject({corrupt: 1, misses: 1});
		expect(errors).toEqual([expect.stringContaining('"k"')]);
		expect(errors[0]).not.toContain('secret');
	});
});

describe('foreign bytes under the key of a generation', () => {
	for (const [name, put] of Object.entries(inhabitants)) {
		it(`${name}: make entries misses until the generation is created again, and clear works`, async () => {
			const cache = await fixture.open();
			await cache.set('k', 'before');
			await fixture.raw.del('rct:!{default}');
			await put('rct:!{default}');
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.set('k', 'set')).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBe('set');
			await fixture.raw.del('rct:!{default}');
			await put('rct:!{default}');
			expect(await cache.clear()).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
			expect(await (await fixture.open()).get('k')).toBe('loaded');
		});
	}
});

describe('damaged entries', () => {
	it('are misses wherever they are cut off', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', {name: 'Ada', list: [1, 2, 3]}, {tags: ['t']});
		const whole = await fixture.raw.getBuffer(key);
		for (let length = 0; length < (whole?.length ?? 0); length += 7) {
			await fixture.raw.set(key, whole?.subarray(0, length) ?? '');
			expect(await cache.get('k')).toBeUndefined();
			expect((await settle(cache.getOrSet('k', () => 'loaded'))).value).toBe('loaded');
		}
	});

	it('with invalid compressed bytes, or an unknown compression or codec, are misses', async () => {
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
