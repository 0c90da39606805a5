import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BadFormat} from '../../../source/embedded/built-in/dump/byte-reader.js';
import {crc64} from '../../../source/embedded/built-in/dump/crc64.js';
import {payloadOf} from '../../../source/embedded/built-in/dump/payload.js';
import {readValue} from '../../../source/embedded/built-in/dump/read-value.js';
import {SortedSetValue} from '../../../source/embedded/built-in/values/sorted-set-value.js';
import {startPrivateRedis} from '../../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../../source/embedded/types.js';
import {RawConnection} from '../../support/raw-connection.js';
import {realRedisVersion} from '../../support/real-redis.js';
import {unordered} from '../../support/resp.js';
import {ServerPair} from '../../support/server-pair.js';
import {readAfter, writes} from './values.js';

const textOf = async (wire: RawConnection, ...words: readonly string[]): Promise<string> =>
	(await wire.call(words)).text;

async function payloadFrom(wire: RawConnection, key = 'key'): Promise<string> {
	const {text} = await wire.call(['DUMP', key]);
	return text.slice(text.indexOf('\r\n') + 2, -2);
}

/** The value that a command has written, and how it is kept. Members of sets and hashes come in any order. */
async function shown(wire: RawConnection, [command = '']: readonly string[]): Promise<string> {
	const frame = await wire.call(readAfter[command] ?? []);
	const value = command === 'SADD' || command === 'HSET' ? unordered(frame) : frame.text;
	return value + (await textOf(wire, 'OBJECT', 'ENCODING', 'key'));
}

describe('a key of the built-in server', () => {
	let server: PrivateRedis;
	let wire: RawConnection;

	beforeAll(async () => {
		server = await startPrivateRedis({prefer: 'built-in'});
		wire = await RawConnection.open(server);
	});

	afterAll(async () => {
		wire?.close();
		await server?.close();
	});

	it.each(Object.keys(writes))('is the same after DUMP, DEL and RESTORE: %s', async (name) => {
		const write = writes[name] ?? [];
		await wire.call(['DEL', 'key']);
		await wire.call(write);
		const before = await shown(wire, write);
		const payload = await payloadFrom(wire);
		await wire.call(['DEL', 'key']);
		expect(await textOf(wire, 'RESTORE', 'key', '0', payload)).toBe('+OK\r\n');
		expect(await shown(wire, write)).toBe(before);
	});

	it('gets the lifetime that RESTORE is given, and no other', async () => {
		await wire.call(['SET', 'key', 'v', 'EX', '50']);
		const payload = await payloadFrom(wire);
		await wire.call(['RESTORE', 'key', '0', payload, 'REPLACE']);
		expect(await textOf(wire, 'TTL', 'key')).toBe(':-1\r\n');
		await wire.call(['RESTORE', 'key', '4102444800000', payload, 'REPLACE', 'ABSTTL']);
		expect(await textOf(wire, 'PEXPIRETIME', 'key')).toBe(':4102444800000\r\n');
		await wire.call(['RESTORE', 'key', '1', payload, 'REPLACE', 'ABSTTL']);
		expect(await textOf(wire, 'EXISTS', 'key')).toBe(':0\r\n');
	});

	it('wakes up who waits for it, and is told to who has read it', async () => {
		await wire.call(['RPUSH', 'key', 'first']);
		const payload = await payloadFrom(wire);
		const [waiting, tracking] = await Promise.all([RawConnection.open(server), RawConnection.open(server, 3)]);
		await tracking.call(['CLIENT', 'TRACKING', 'ON']);
		await tracking.call(['LRANGE', 'restored', '0', '-1']);
		waiting.send(['BLPOP', 'restored', '5']);
		await wire.call(['RESTORE', 'restored', '0', payload]);
		expect((await waiting.nextReply()).text).toContain('first');
		expect(await tracking.collect()).toContain('restored');
		for (const each of [waiting, tracking]) each.close();
	});

	it('is not made of a payload with any byte changed', async () => {
		await wire.call(['SET', 'key', 'value']);
		const payload = await payloadFrom(wire);
		for (let place = 0; place < payload.length; place++) {
			const changed = String.fromCharCode(payload.charCodeAt(place) ^ 1);
			const damaged = payload.slice(0, place) + changed + payload.slice(place + 1);
			expect(await textOf(wire, 'RESTORE', 'other', '0', damaged)).toBe(
				'-ERR DUMP payload version or checksum are wrong\r\n',
			);
		}
		expect(await textOf(wire, 'EXISTS', 'other')).toBe(':0\r\n');
	});

	it.each([
		['of a stream', '\x0f\x01'],
		['of a module', '\x07\x01'],
		['that ends too early', '\x01\x05\x01a'],
		['of an empty list', '\x01\x00'],
		['of a set with a member twice', '\x02\x02\x01a\x01a'],
		['of a hash without a value', '\x10\x09\x09\x00\x00\x00\x01\x00\x01\x01\xff'],
		['of a score that is no number', '\x05\x01\x01a\x00\x00\x00\x00\x00\x00\xf8\x7f'],
		['of nothing', ''],
	])('is not made of a payload %s', async (_, content) => {
		const versioned = `${content}\x0a\x00`;
		expect(await textOf(wire, 'RESTORE', 'other', '0', versioned + crc64(versioned))).toBe('-ERR Bad data format\r\n');
		expect(await textOf(wire, 'PING')).toBe('+PONG\r\n');
	});
});

describe('reading a payload', () => {
	it('fails with a bad format, and with nothing else, whatever the bytes are', () => {
		const types = fc.constantFrom(0, 1, 2, 4, 5, 11, 16, 17, 18);
		const compressed = fc.constantFrom([], [0xc3], [0xc3, 3, 64]);
		const content = fc.tuple(types, compressed, fc.uint8Array({maxLength: 60}));
		fc.assert(
			fc.property(content, ([type, head, rest]) => {
				try {
					readValue(Buffer.from([type, ...head, ...rest]));
				} catch (error) {
					if (!(error instanceof BadFormat)) throw error;
				}
			}),
			{numRuns: 2000},
		);
	});

	it('takes a time that grows with the members of a sorted set', () => {
		const value = new SortedSetValue();
		for (let index = 0; index < 50_000; index++) value.set(`member ${index}`, index);
		const read = readValue(Buffer.from(payloadOf(value), 'latin1'));
		expect(read instanceof SortedSetValue && [read.size, read.rank('member 49999')]).toEqual([50_000, 49_999]);
	});

	it('begins with the checksum of Redis', () => {
		expect(Buffer.from(crc64('123456789'), 'latin1').readBigUInt64LE()).toBe(0xe9c6d914c4b8d9can);
	});
});

describe.skipIf(!realRedisVersion?.startsWith('7.0.'))('a payload of', () => {
	const servers = new ServerPair();

	it.each(Object.keys(writes))('one of Redis and the built-in server restores at the other: %s', async (name) => {
		const write = writes[name] ?? [];
		const wires = await Promise.all(servers.both.map((server) => RawConnection.open(server)));
		for (const wire of wires) await wire.call(['FLUSHALL']);
		for (const wire of wires) await wire.call(write);
		const before = await Promise.all(wires.map((wire) => shown(wire, write)));
		const payloads = await Promise.all(wires.map((wire) => payloadFrom(wire)));
		const replies = await Promise.all(
			wires.map((wire, index) => textOf(wire, 'RESTORE', 'key', '0', payloads[1 - index] ?? '', 'REPLACE')),
		);
		const after = await Promise.all(wires.map((wire) => shown(wire, write)));
		for (const wire of wires) wire.close();
		expect(replies).toEqual(['+OK\r\n', '+OK\r\n']);
		expect(after).toEqual(before);
	});
});
