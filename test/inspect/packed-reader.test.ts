import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readFacts} from '../../source/inspect/keys/scripted/facts-script.js';
import {PackedReader} from '../../source/inspect/keys/scripted/packed-reader.js';
import {bytesOf} from '../../source/inspect/sender.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';

describe('what Redis packs', () => {
	let redis: PrivateLane;
	beforeAll(async () => {
		redis = await openPrivateLane();
	});
	afterAll(() => redis?.close());

	const pack = async (table: string, args: readonly (string | Buffer)[] = []) =>
		bytesOf(await redis.lane.send('EVAL', [`return cmsgpack.pack(${table})`, 0, ...args]));

	test('integers of every length are read exactly', async () => {
		const integers = [
			...[0, 1, 127, 128, 255, 256, 65_535, 65_536],
			...[2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 45 + 1, 2 ** 53 - 1],
			...[-1, -2, -32],
		];
		const reader = new PackedReader(await pack(`{${integers.join(',')}}`));
		expect(integers.map(() => reader.integer())).toEqual(integers);
		expect(reader.isAtEnd).toBe(true);
	});

	test('texts of every length and of any bytes are read exactly', async () => {
		const texts = [0, 1, 31, 32, 255, 256, 65_535, 65_536].map((length) => Buffer.alloc(length, 0xff));
		const reader = new PackedReader(await pack('ARGV', texts));
		for (const text of texts) expect(reader.bytes().equals(text)).toBe(true);
		expect(reader.isAtEnd).toBe(true);
	});

	test.each([0, 1, 15, 16, 70_000])('an array of %i is read to its end', async (length) => {
		const script = `local array = {} for index = 1, ${length} do array[index] = index end return cmsgpack.pack(array)`;
		const reader = new PackedReader(bytesOf(await redis.lane.send('EVAL', [script, 0])));
		const read: number[] = [];
		while (!reader.isAtEnd) read.push(reader.integer());
		expect(read).toEqual(Array.from({length}, (_, index) => index + 1));
	});

	test('the facts about keys have types of modules by name, and say where a size is not known', async () => {
		const packed = await pack(`{'a', ${73 * 8 + 1}, -1, 'b', ${9 * 8}, 500, 'ReJSON-RL', 'c', 2, 7}`);
		expect(readFacts(packed)).toEqual([
			{key: Buffer.from('a'), type: 'string', ttl: -1, bytes: 72},
			{key: Buffer.from('b'), type: 'ReJSON-RL', ttl: 500, bytes: 8},
			{key: Buffer.from('c'), type: 'hash', ttl: 7, bytes: undefined},
		]);
	});
});

test('anything else is an error, and never read beyond its end', () => {
	for (const bytes of [[], [0xc1], [0xa1, 0x61]]) expect(() => new PackedReader(Buffer.from(bytes))).toThrow('packed');
	expect(() => new PackedReader(Buffer.from([0x91, 0xa5, 0x61])).bytes()).toThrow('packed');
	expect(() => new PackedReader(Buffer.from([0x91, 0xcb])).integer()).toThrow('packed');
	expect(() => new PackedReader(Buffer.from([0x91, 0xcd, 0x01])).integer()).toThrow('packed');
	expect(() => new PackedReader(Buffer.from([0x91])).bytes()).toThrow('packed');
});
