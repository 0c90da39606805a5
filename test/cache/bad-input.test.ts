import {describe, expect, it} from 'vitest';
import type {CacheOptions, Codec, Duration} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

const codeOf = (error: unknown): unknown => (error as {readonly code?: unknown} | undefined)?.code;

describe('keys', () => {
	const bad: readonly (readonly [string, unknown])[] = [
		['empty', ''],
		['of 513 bytes', 'k'.repeat(513)],
		['of 171 characters and 513 bytes', '€'.repeat(171)],
		['with a NUL', 'a\0b'],
		['with a newline', 'a\nb'],
		['with a DEL', 'a\u007Fb'],
		['with half a character', 'a\uD800b'],
		['with the other half of a character', '\uDC00'],
		['undefined', undefined],
		['null', null],
		['a number', 1],
		['an object', {}],
		['a symbol', Symbol('k')],
	];
	for (const [name, key] of bad) {
		it(`${name}: refused by every call, with one line`, async () => {
			const cache = await fixture.open();
			const k = key as string;
			const calls = [
				() => cache.get(k),
				() => cache.getEntry(k),
				() => cache.has(k),
				() => cache.set(k, 1),
				() => cache.delete(k),
				() => cache.getOrSet(k, () => 1),
				() => cache.getMany([k]),
				() => cache.setMany([[k, 1]]),
				() => cache.deleteMany([k]),
				() => cache.ttl(k),
				() => cache.expire(k, 1000),
				() => cache.touch(k),
				() => cache.invalidateTags([k]),
				() => cache.set('fine', 1, {tags: [k]}),
				() => cache.getOrSet('fine', () => 1, {tags: [k]}),
			];
			for (const call of calls) {
				const {error} = await settle(call());
				expect(codeOf(error)).toBe('ERR_INVALID_KEY');
				expect((error as Error).message).not.toContain('\n');
			}
			expect(await fixture.raw.dbsize()).toBe(0);
			expect(cache.stats().pending).toBe(0);
		});
	}

	it('of 512 bytes, with spaces, colons, emoji and every other character are fine', async () => {
		const cache = await fixture.open();
		const keys = ['k'.repeat(512), '€'.repeat(170), 'a b:c*?[x]{y}', '🙂', '!', ' ', '__proto__', 'constructor'];
		for (const [index, key] of keys.entries()) await cache.set(key, index);
		const other = await fixture.open();
		for (const [index, key] of keys.entries()) expect(await other.get(key)).toBe(index);
		expect(await other.getMany(keys)).toEqual(new Map(keys.map((key, index) => [key, index])));
	});

	it('that only differ in their namespace do not meet, whatever they look like', async () => {
		const cache = await fixture.open();
		await cache.set('other:k', 'default');
		await cache.namespace('other').set('k', 'other');
		expect(await cache.get('other:k')).toBe('default');
		expect(await cache.namespace('other').get('k')).toBe('other');
		await cache.namespace('other').clear();
		expect(await cache.get('other:k')).toBe('default');
	});
});

describe('names', () => {
	it.each(['', 'a b', 'a:b', '!a', 'ä', 'x'.repeat(65), 'a\n'])('a namespace or prefix %j is refused', (name) => {
		const cache = fixture.create();
		expect(() => cache.namespace(name)).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
		expect(() => new RedisCache({namespace: name})).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
		expect(() => new RedisCache({prefix: name})).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
	});

	it('more than 64 tags, and more than 1024 namespaces, are refused', async () => {
		const cache = await fixture.open({memory: {maxEntries: 10}});
		const tags = Array.from({length: 65}, (_, index) => `t${index}`);
		expect(codeOf((await settle(cache.set('k', 1, {tags}))).error)).toBe('ERR_INVALID_KEY');
		expect(await cache.set('k', 1, {tags: tags.slice(1)})).toEqual({stored: 'redis'});
		expect(await (await fixture.open()).get('k')).toBe(1);
		for (let index = 1; index < 1024; index++) cache.namespace(`n${index}`);
		expect(() => cache.namespace('one more')).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
		expect(() => cache.namespace('one-more')).toThrow(expect.objectContaining({code: 'ERR_INVALID_ARGUMENT'}));
		cache.namespace('n1');
	});
});

describe('values', () => {
	const cycle: Record<string, unknown> = {};
	cycle.self = cycle;
	const bad: readonly (readonly [string, unknown])[] = [
		['undefined', undefined],
		['a function', () => 1],
		['a symbol', Symbol('s')],
		['a cycle', cycle],
		['a BigInt', 1n],
		['an object with a BigInt inside', {deep: [{n: 1n}]}],
		['an object whose toJSON gives undefined', {toJSON: () => undefined}],
		['one whose toJSON throws', {toJSON: () => boom()}],
		['one over the limit', 'x'.repeat(1001)],
	];
	for (const [name, value] of bad) {
		it(`${name}: refused by set and by getOrSet, and what was there stays`, async () => {
			const cache = await fixture.open({maxValueBytes: 1000, compression: false});
			await cache.set('k', 'before');
			expect(codeOf((await settle(cache.set('k', value))).error)).toBe('ERR_INVALID_VALUE');
			expect(await cache.get('k')).toBe('before');
			if (value === undefined) return;
			const {error} = await settle(cache.getOrSet('new', () => value));
			expect(codeOf(error)).toBe('ERR_INVALID_VALUE');
			expect(await cache.getOrSet('new', () => 'fine')).toBe('fine');
		});
	}

	it('null, false, 0, the empty string and empty containers are values', async () => {
		const cache = await fixture.open();
		const other = await fixture.open({memory: false});
		for (const value of [null, false, 0, '', [], {}]) {
			await cache.set('k', value);
			expect(await cache.get('k')).toEqual(value);
			expect(await other.getOrSet('k', () => 'not asked')).toEqual(value);
			expect(await other.has('k')).toBe(true);
		}
	});

	it('with the buffer codec only bytes are values', async () => {
		const cache = await fixture.open({codec: 'buffer'});
		expect(codeOf((await settle(cache.set('k', 'text'))).error)).toBe('ERR_INVALID_VALUE');
		await cache.set('k', new Uint8Array([1, 2, 3]).subarray(1));
		expect(await cache.get('k')).toEqual(Buffer.from([2, 3]));
	});

	it.each([undefined, null, 1, {}, [1]])('a codec that makes %j of a value is told so', async (encoded) => {
		const codec: Codec = {id: 'X', encode: () => encoded as unknown as string, decode: () => 1};
		const cache = await fixture.open({codec});
		expect(codeOf((await settle(cache.set('k', 1))).error)).toBe('ERR_INVALID_VALUE');
	});
});

describe('durations', () => {
	const bad: readonly unknown[] = [
		-1,
		Number.NaN,
		Number.NEGATIVE_INFINITY,
		'5 parsecs',
		'',
		'5',
		'm',
		'-5m',
		'5m5s',
		{},
		null,
		true,
	];
	it.each(bad)('%j is refused wherever one is taken', async (duration) => {
		const cache = await fixture.open();
		await cache.set('k', 'before');
		const ttl = duration as Duration;
		const calls = [
			() => cache.set('k', 1, {ttl}),
			() => cache.set('k', 1, {grace: ttl}),
			() => cache.expire('k', ttl),
			() => cache.getOrSet('new', () => 1, {ttl}),
			() => cache.getOrSet('new', () => 1, {grace: ttl}),
			() => cache.getOrSet('new', () => 1, {negativeTtl: ttl}),
			() => cache.getOrSet('new', () => 1, {softTimeout: ttl}),
			() => cache.getOrSet('new', () => 1, {hardTimeout: ttl}),
			() => cache.ready(ttl),
		];
		for (const call of calls) expect(codeOf((await settle<unknown>(call())).error)).toBe('ERR_INVALID_DURATION');
		expect(await cache.get('k')).toBe('before');
		expect(cache.stats().counters.loads).toBe(0);
		expect(cache.stats().pending).toBe(0);
	});

	it.each([
		[Number.POSITIVE_INFINITY, 30 * 86_400_000],
		['400d', 30 * 86_400_000],
		['1.5s', 1500],
		[' 2 h ', 7_200_000],
		[0.2, 1],
	] as const)('%j is taken for %d ms', async (ttl, ms) => {
		const cache = await fixture.open({ttl: {max: '30d', jitter: 0}});
		await cache.set('k', 1, {ttl: ttl as Duration});
		const left = await fixture.raw.pttl('rct:default:k');
		if (ms > 1) expect(left).toBeGreaterThan(ms - 5000);
		expect(left).toBeLessThanOrEqual(ms);
	});

	it('of a loader may be as long as one likes: it is not aborted at once', async () => {
		const cache = await fixture.open();
		const load = () => new Promise<string>((resolve) => setTimeout(() => resolve('value'), 30));
		expect(await cache.getOrSet('k', load, {hardTimeout: Number.POSITIVE_INFINITY})).toBe('value');
		expect(await cache.getOrSet('l', load, {hardTimeout: '30d'})).toBe('value');
		await cache.set('m', 'stale', {ttl: 1, grace: '1h'});
		await until(async () => (await cache.get('m')) === undefined, 'it is stale');
		expect(await cache.getOrSet('m', load, {softTimeout: '30d'})).toBe('value');
	});
});

describe('options', () => {
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
		['no room in memory', {memory: {maxEntries: 0}}],
		['half an entry in memory', {memory: {maxEntries: 1.5}}],
		['few bytes in memory', {memory: {maxBytes: 1}}],
		['trust that is none', {memory: {trust: 'much'}}],
		['an empty journal', {journal: {maxKeys: 0}}],
		['a breaker that opens at 0', {breaker: {consecutive: 0}}],
		['a breaker with a rate over 1', {breaker: {rate: 2}}],
		['probes without a pause', {breaker: {probeInterval: 0}}],
		['a hard time-out that is none', {loader: {hardTimeout: -5}}],
		['a soft time-out that is none', {loader: {softTimeout: 'x'}}],
		['a deadline of 0', {deadline: 0}],
		['no lanes', {pool: {lanes: 0}}],
		['a URL that is none', {url: 'not a url'}],
		['a URL of another protocol', {url: 'http://127.0.0.1'}],
		['a port out of range', {url: 'redis://127.0.0.1:99999'}],
	];
	it.each(bad)('%s is refused by the constructor with one line that names it', (_name, options) => {
		let error: unknown;
		try {
			void fixture.create(options as CacheOptions);
		} catch (thrown) {
			error = thrown;
		}
		expect(codeOf(error)).toMatch(/^ERR_INVALID_(ARGUMENT|DURATION|KEY)$/);
		expect((error as Error).message).not.toContain('\n');
	});

	it('a password in a URL that cannot be used is in no message', () => {
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

function boom(): never {
	throw new Error('boom');
}
