import {deflateRawSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {hasProtoKey} from '../../../source/cache/entry/proto-key.js';
import {ValueCoder} from '../../../source/cache/entry/value-coder.js';
import {redisFixture} from '../../support/cache-fixture.js';

const roundTrip = (coder: ValueCoder, value: unknown): unknown => {
	const {codec, compression, payload} = coder.encode(value);
	return coder.decode(codec, compression, payload);
};

describe('a value is decoded to what was encoded', () => {
	const compressions = [false, {thresholdBytes: 0}, {thresholdBytes: 64, algorithm: 'brotli'}] as const;

	it.each(compressions)('JSON: any JSON value, compression %j', (compression) => {
		const coder = new ValueCoder({compression});
		fc.assert(
			fc.property(fc.jsonValue({maxDepth: 4}), (value) => {
				expect(roundTrip(coder, value)).toEqual(JSON.parse(JSON.stringify(value)));
			}),
		);
	});

	it.each(compressions)('MessagePack: any JSON value, dates and bytes, compression %j', (compression) => {
		const coder = new ValueCoder({codec: 'msgpack', compression});
		const value = fc.oneof(
			// JSON has no -0.
			fc.jsonValue({maxDepth: 4}).map((json) => JSON.parse(JSON.stringify(json))),
			fc.date({noInvalidDate: true}),
			fc.uint8Array().map((bytes) => Buffer.from(bytes)),
			fc.dictionary(fc.string(), fc.date({noInvalidDate: true})),
		);
		fc.assert(
			fc.property(value, (input) => {
				if (hasProtoKey(input)) expect(() => coder.encode(input)).toThrow('a key "__proto__" cannot be stored');
				else expect(roundTrip(coder, input)).toEqual(input);
			}),
			{examples: [[JSON.parse('{"a": [{"__proto__": 1}]}')], ['__proto__'], [{a: '__proto__'}]]},
		);
	});

	it('hasProtoKey finds a key __proto__ anywhere, even in cycles, Maps and Sets', () => {
		const bad = JSON.parse('{"__proto__": 1}') as object;
		const cycle: Record<string, unknown> = {name: '__proto__'};
		cycle.self = cycle;
		expect(hasProtoKey(cycle)).toBe(false);
		cycle.list = [undefined, null, new Map([['key', new Set([bad])]])];
		expect(hasProtoKey(cycle)).toBe(true);
		expect(hasProtoKey(undefined)).toBe(false);
		expect(hasProtoKey([undefined, {a: undefined}, bad])).toBe(true);
	});

	it.each(compressions)('bytes: any bytes, compression %j', (compression) => {
		const coder = new ValueCoder({codec: 'buffer', compression});
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 500}), (bytes) => {
				expect(roundTrip(coder, bytes)).toEqual(Buffer.from(bytes));
			}),
		);
	});
});

describe('compression', () => {
	it('is used above its threshold, and only if it makes the value smaller', () => {
		const coder = new ValueCoder({compression: {thresholdBytes: 100}});
		expect(coder.encode('x'.repeat(50)).compression).toBe('-');
		expect(coder.encode('x'.repeat(500))).toMatchObject({compression: 'd'});
		const noise = Buffer.from(Array.from({length: 500}, () => Math.floor(Math.random() * 256)));
		expect(new ValueCoder({codec: 'buffer', compression: {thresholdBytes: 100}}).encode(noise).compression).toBe('-');
		expect(new ValueCoder({compression: false}).encode('x'.repeat(100_000)).compression).toBe('-');
		expect(new ValueCoder({}).encode('x'.repeat(17_000)).compression).toBe('d');
	});

	it('does not inflate a few bytes beyond maxValueBytes', () => {
		const coder = new ValueCoder({maxValueBytes: 10_000});
		const bomb = deflateRawSync(Buffer.alloc(50_000_000, 0x20));
		expect(bomb.length).toBeLessThan(100_000);
		expect(() => coder.decode('j', 'd', bomb)).toThrow();
	});
});

describe('caches with different codecs on one Redis', () => {
	const fixture = redisFixture();

	it("read each other's values if both know the codec", async () => {
		const json = await fixture.open();
		const msgpack = await fixture.open({codec: 'msgpack', compression: {thresholdBytes: 1, algorithm: 'brotli'}});
		await json.set('j', {a: [1, 'x'.repeat(100)]});
		await msgpack.set('m', {a: [1, 'x'.repeat(100)]});
		expect(await msgpack.get('j')).toEqual({a: [1, 'x'.repeat(100)]});
		expect(await json.get('m')).toEqual({a: [1, 'x'.repeat(100)]});
	});

	it('treat a value of an unknown codec as a miss, and replace it by loading', async () => {
		const own = {
			id: 'U',
			encode: (value: unknown) => String(value).toUpperCase(),
			decode: (bytes: Buffer) => bytes.toString(),
		};
		const one = await fixture.open({codec: own});
		const two = await fixture.open();
		await one.set('k', 'value');
		expect(await one.get('k')).toBe('VALUE');
		expect(await two.get('k')).toBeUndefined();
		expect(two.stats().counters.corrupt).toBe(1);
		expect(await two.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(await two.get('k')).toBe('loaded');
		expect(await one.get('k')).toBe('loaded');
	});
});
