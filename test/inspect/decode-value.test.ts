import * as zlib from 'node:zlib';
import {brotliCompressSync, deflateRawSync, deflateSync, gzipSync} from 'node:zlib';
import {pack} from 'msgpackr';
import {describe, expect, it} from 'vitest';
import {decodeBytes} from '../../source/inspect/values/decode/decode-bytes.js';

const decode = (value: string | Uint8Array, key = 'key', isWhole = true) =>
	decodeBytes(Buffer.from(value as string), {key: Buffer.from(key), isWhole});

const json = '{"name":"Ada","ids":[1,2]}';
const jsonAsLines = ['{', '  "name": "Ada",', '  "ids": [', '    1,', '    2', '  ]', '}'];

// Node.js has it from 22.15 and 23.8 on.
const {zstdCompressSync} = zlib as {readonly zstdCompressSync?: (bytes: Buffer) => Buffer};

describe('a value that is decoded', () => {
	it.each([
		['JSON', ['JSON'], json],
		['gzip', ['gzip', 'JSON'], gzipSync(json)],
		['deflate', ['deflate', 'JSON'], deflateSync(json)],
		['raw deflate', ['raw deflate', 'JSON'], deflateRawSync(json)],
		['brotli', ['brotli', 'JSON'], brotliCompressSync(json)],
		['MessagePack', ['MessagePack'], pack(JSON.parse(json))],
		['MessagePack in gzip', ['gzip', 'MessagePack'], gzipSync(pack(JSON.parse(json)))],
	])('is readable JSON if it is %s', async (_, formats, value) => {
		expect(await decode(value)).toMatchObject({formats, syntax: 'json', lines: jsonAsLines});
	});

	it('keeps numbers of JSON as they are stored, and escapes control characters', async () => {
		const {lines} = await decode('{"id":12345678901234567890,"e":"\\u001b[31m","x":1.0}');
		expect(lines).toEqual(['{', '  "id": 12345678901234567890,', '  "e": "\\u001b[31m",', '  "x": 1.0', '}']);
	});

	it('is text if it is text, and can be edited as such', async () => {
		expect(await decode('a\nb 👩🏽‍💻\u001B[31m')).toMatchObject({
			formats: [],
			syntax: 'text',
			lines: ['a', 'b 👩🏽‍💻\\x1b[31m'],
			isPlain: true,
		});
		expect(await decode(gzipSync('text'))).toMatchObject({formats: ['gzip'], lines: ['text'], isPlain: false});
	});

	it.each([
		['PHP serialize', 'a:1:{s:4:"name";s:3:"Ada";}', 'text'],
		['PHP serialize', 'i:42;', 'text'],
		['Python pickle', Buffer.from('80049509000000000000007d948c016194' + '4b01732e', 'hex'), 'hex'],
		['Java serialization', Buffer.from('aced000574000568656c6c6f', 'hex'), 'hex'],
		['Ruby Marshal', Buffer.from('04085b0669069a', 'hex'), 'hex'],
	])('is told as %s', async (format, value, syntax) => {
		expect(await decode(value)).toMatchObject({formats: [format], syntax});
	});

	it('is a dump if nothing is known of it', async () => {
		expect(await decode(Buffer.from('00ff41420a0d1b7f80', 'hex'))).toMatchObject({
			formats: ['binary'],
			syntax: 'hex',
			lines: ['000000  00 ff 41 42 0a 0d 1b 7f  ..AB....', '000008  80                       .'],
		});
	});

	it('is not indented if it is nested too deep: blanks grow with the square of the levels', async () => {
		const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
		const {formats, lines, syntax, isPlain} = await decode(deep);
		expect(formats).toEqual(['JSON: nested deeper than 64 levels, and not indented']);
		expect({lines, syntax, isPlain}).toEqual({lines: [deep], syntax: 'text', isPlain: true});
		const packed = await decode(Buffer.from(`${'91'.repeat(2500)}c0`, 'hex'));
		expect(packed.formats).toEqual(['MessagePack: nested deeper than 64 levels, and not indented']);
		expect(packed.syntax).toBe('hex');
		expect((await decode(`{"brackets":"${'['.repeat(100)}"}`)).formats).toEqual(['JSON']);
		expect((await decode(`${'['.repeat(64)}${']'.repeat(64)}`)).formats).toEqual(['JSON']);
	});

	it('is JSON behind a byte order mark, too', async () => {
		expect(await decode(`\uFEFF${json}`)).toMatchObject({formats: ['JSON'], lines: jsonAsLines});
	});

	it('says why it is not unpacked', async () => {
		const bomb = gzipSync(Buffer.alloc(2_000_000));
		expect((await decode(bomb)).formats).toEqual(['gzip: it decompresses to more than 1 MiB']);
		expect((await decode(gzipSync('x'.repeat(100)).subarray(0, 15))).formats).toEqual(['gzip: it is damaged']);
		expect((await decode(gzipSync('x').subarray(0, 20), 'key', false)).formats).toEqual([
			'gzip: it is too large to decompress',
		]);
	});

	it.runIf(zstdCompressSync)('is unpacked from zstd where Node.js can', async () => {
		const packed = zstdCompressSync?.(Buffer.from('hello')) ?? '';
		expect(await decode(packed)).toMatchObject({formats: ['zstd'], lines: ['hello']});
	});

	it.runIf(!zstdCompressSync)('is named as zstd where Node.js cannot unpack it', async () => {
		const {formats} = await decode(Buffer.from('28b52ffd0458290000', 'hex'));
		expect(formats).toEqual(['zstd: this program cannot decompress it']);
	});

	it('of which only the beginning is there ends before the character that was cut', async () => {
		const bytes = Buffer.from(`${'x'.repeat(10)}é`).subarray(0, 11);
		expect(await decode(bytes, 'key', false)).toMatchObject({syntax: 'text', lines: ['x'.repeat(10)]});
	});

	it('is not taken for MessagePack or compressed if it is not', async () => {
		for (let seed = 1; seed < 300; seed++) {
			const bytes = Buffer.from(Array.from({length: 24}, (_, index) => ((seed * 7919 + index * 104_729) >>> 3) & 0xff));
			const {formats} = await decode(Buffer.concat([Buffer.from([0x00, 0xff]), bytes]));
			expect(formats).toEqual(['binary']);
		}
	});
});

describe('the envelope of a cache library', () => {
	const at = 1_700_000_000_000;

	it.each([
		[
			'bentocache',
			JSON.stringify({value: {a: 1}, createdAt: at, logicalExpiration: at + 1000, tags: ['people']}),
			{library: 'bentocache', writtenAt: at, expiresAt: at + 1000, tags: ['people']},
		],
		['Keyv and cacheable', JSON.stringify({value: 'x', expires: at}), {library: 'Keyv or cacheable', expiresAt: at}],
	])('of %s is told', async (_, value, envelope) => {
		expect((await decode(value)).envelope).toMatchObject(envelope);
	});

	it('of Laravel and Django is told by the key and the serialization', async () => {
		expect((await decode('s:5:"hello";', 'laravel_database_laravel_cache_:user')).envelope).toMatchObject({
			library: 'Laravel',
		});
		const pickle = Buffer.from('80049509000000000000007d948c0161944b01732e', 'hex');
		expect((await decode(pickle, ':1:user')).envelope).toMatchObject({library: 'Django'});
		expect((await decode(pickle, 'user')).envelope).toBeUndefined();
	});

	it('of Rails is taken apart, compressed or not', async () => {
		// Laid out as the sources of Rails 7.1 have it: no entry that a Rails has written was recorded.
		const entry = (kind: number, payload: Buffer) => {
			const header = Buffer.alloc(15);
			header.writeUInt16BE(0x0011, 0);
			header.writeUInt8(kind, 2);
			header.writeDoubleLE(at / 1000, 3);
			header.writeInt32LE(-1, 11);
			return Buffer.concat([header, payload]);
		};
		const envelope = {library: 'Rails.cache', expiresAt: at};
		expect(await decode(entry(0x02, Buffer.from('hello')))).toMatchObject({lines: ['hello'], envelope});
		expect(await decode(entry(0x82, deflateSync('hello')))).toMatchObject({
			formats: ['Rails', 'deflate'],
			lines: ['hello'],
			envelope,
		});
		expect(await decode(entry(0x01, Buffer.from('04085b06', 'hex')))).toMatchObject({
			formats: ['Ruby Marshal'],
			envelope,
		});
	});

	it('of Rails before 7.1 is told, though all of its bytes may be ASCII', async () => {
		const symbol = 'ActiveSupport::Cache::Entry';
		const entry = `\x04\bo:${String.fromCharCode(symbol.length + 5)}${symbol}\x06:\v@valueI"\nhello\x06:\x06ET`;
		const decoded = await decode(entry);
		expect(decoded).toMatchObject({formats: ['Ruby Marshal'], envelope: {library: 'Rails.cache'}, isPlain: false});
		expect((await decode('\x04\b[\x06i\x06')).formats).toEqual(['Ruby Marshal']);
	});

	it('is none for other objects with a value', async () => {
		expect((await decode('{"value":1,"other":2}')).envelope).toBeUndefined();
		expect((await decode('{"expires":1}')).envelope).toBeUndefined();
	});
});
