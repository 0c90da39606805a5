import {inspect} from 'node:util';
import {deflateRawSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import type {CacheOptions, Codec} from '../../../source/cache/api/types.js';
import {headerBytes} from '../../../source/cache/entry/entry.js';
import {InvalidArgumentError, RedisCacheError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';

const fixture = redisFixture();

const decode = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

describe('a codec that violates its contract', () => {
	for (const [what, encode] of [
		['a promise', async (value: unknown) => JSON.stringify(value)],
		['nothing', () => undefined],
		['a number', () => 5],
		['null', () => null],
	] as const) {
		it(`by encoding to ${what}, makes set reject, and stores nothing`, async () => {
			const cache = await fixture.open({codec: {id: 'A', encode, decode} as unknown as Codec});
			const {error} = await settle(cache.set('k', {a: 1}));
			expect(error).toMatchObject({name: 'InvalidValueError', code: 'ERR_INVALID_VALUE'});
			expect(await cache.get('k')).toBeUndefined();
			expect(await fixture.raw.exists('rct:default:k')).toBe(0);
			expect(cache.stats()).toMatchObject({pending: 0, journal: {size: 0}});
		});
	}

	for (const memory of [undefined, false] as const) {
		const where = memory === false ? 'from Redis' : 'from memory';
		for (const [what, broken] of [
			['a promise that rejects', async () => Promise.reject(new Error('not decoded'))],
			['nothing', () => undefined],
		] as const) {
			it(`by decoding to ${what}, makes the read a miss that is counted as corrupt (${where})`, async () => {
				const codec: Codec = {id: 'B', encode: (value) => JSON.stringify(value), decode: broken};
				const options: CacheOptions = memory === false ? {codec, memory} : {codec};
				const cache = await fixture.open(options);
				const errors: Error[] = [];
				cache.on('error', ({error}) => errors.push(error));
				await cache.set('k', {a: 1});
				expect(await cache.get('k')).toBeUndefined();
				expect(await cache.getEntry('k')).toBeUndefined();
				expect(await cache.has('k')).toBe(false);
				expect(cache.stats().counters.corrupt).toBeGreaterThan(0);
				expect(errors.length).toBeGreaterThan(0);
				expect(errors.every((error) => error instanceof RedisCacheError)).toBe(true);
			});
		}
	}

	it('by its shape, is rejected by the constructor', () => {
		for (const codec of [5, {}, {id: 'X'}, {id: 'X', encode: () => ''}])
			expect(() => fixture.create({codec: codec as unknown as Codec})).toThrow(InvalidArgumentError);
	});
});

describe('an entry that inflates to more than maxValueBytes', () => {
	it('is a miss, counted as corrupt, and is not inflated', async () => {
		const cache = await fixture.open({maxValueBytes: 100_000});
		const writer = await fixture.open();
		await writer.set('k', 'seed');
		const header = (await fixture.raw.getBuffer('rct:default:k'))?.subarray(0, headerBytes) ?? Buffer.alloc(0);
		const bomb = Buffer.concat([header, deflateRawSync(Buffer.alloc(50_000_000, ' '))]);
		bomb.write('d', 6);
		await fixture.raw.set('rct:default:k', bomb, 'PX', 60_000);
		const errors: Error[] = [];
		cache.on('error', ({error}) => errors.push(error));
		expect(await cache.get('k')).toBeUndefined();
		expect(errors[0]?.cause).toMatchObject({code: 'ERR_BUFFER_TOO_LARGE'});
		expect(cache.stats().counters.corrupt).toBe(1);
	});

	it('cannot be stored: the limit applies before compression', async () => {
		const cache = await fixture.open({maxValueBytes: 100_000});
		expect((await settle(cache.set('k', 'x'.repeat(100_000)))).error).toMatchObject({code: 'ERR_INVALID_VALUE'});
		const value = 'x'.repeat(99_000);
		await cache.set('k', value);
		expect(await (await fixture.open({maxValueBytes: 100_000, memory: false})).get('k')).toBe(value);
	});
});

describe('an entry that cannot be decoded', () => {
	it('is reported as a CorruptEntryError, in one line without the value', async () => {
		const cache = await fixture.open();
		const writer = await fixture.open();
		await writer.set('k', {password: 's3cret'});
		await fixture.raw.append('rct:default:k', '\n oops');
		const errors: Error[] = [];
		cache.on('error', ({error}) => errors.push(error));
		expect(await cache.get('k')).toBeUndefined();
		const [error] = errors;
		expect(error).toMatchObject({name: 'CorruptEntryError', code: 'ERR_CORRUPT_ENTRY', key: 'k'});
		expect(error).toBeInstanceOf(RedisCacheError);
		expect(inspect(error)).not.toContain('s3cret');
		expect(error?.message).not.toContain('\n');
	});

	it('is reported with what a custom codec threw as the cause', async () => {
		const mistake = new TypeError('not decoded');
		const broken = () => {
			throw mistake;
		};
		const cache = await fixture.open({codec: {id: 'C', encode: (value) => JSON.stringify(value), decode: broken}});
		const errors: Error[] = [];
		cache.on('error', ({error}) => errors.push(error));
		await cache.set('k', 1);
		expect(await cache.get('k')).toBeUndefined();
		expect(errors[0]).toMatchObject({name: 'CorruptEntryError', cause: mistake});
	});

	it('is reported, and the call answered, even if the key holds another type than a string', async () => {
		const cache = await fixture.open();
		await fixture.raw.hset('rct:default:k', 'field', 'value');
		const errors: string[] = [];
		cache.on('error', ({operation}) => errors.push(operation));
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(cache.stats().counters.corrupt).toBeGreaterThan(0);
		expect(errors).toContain('decode');
		expect(await fixture.raw.hget('rct:default:k', 'field')).toBe('value');
	});
});
