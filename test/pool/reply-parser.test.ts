import {createRequire} from 'node:module';
import fc from 'fast-check';
import {describe, expect, it, vi} from 'vitest';
import {ReplyParser} from '../../source/pool/connection/reply-parser.js';

type Decoder = {write(chunk: Buffer): void};
type DecoderModule = {
	readonly Decoder: new (config: {
		getTypeMapping: () => unknown;
		onReply: (reply: unknown) => void;
		onErrorReply: (error: Error) => void;
		onPush: () => void;
	}) => Decoder;
	readonly RESP_TYPES: Readonly<Record<string, number>>;
};

const require = createRequire(import.meta.url);
const {Decoder, RESP_TYPES} = require('../../node_modules/ioredis/built/resp/decoder.js') as DecoderModule;

/** With the shapes that ioredis asks of its own parser. */
const mapping = {
	[RESP_TYPES.SIMPLE_STRING as number]: Buffer,
	[RESP_TYPES.BLOB_STRING as number]: Buffer,
	[RESP_TYPES.VERBATIM_STRING as number]: Buffer,
	[RESP_TYPES.BIG_NUMBER as number]: String,
	[RESP_TYPES.DOUBLE as number]: Buffer,
	[RESP_TYPES.BOOLEAN as number]: Number,
	[RESP_TYPES.MAP as number]: Array,
	[RESP_TYPES.SET as number]: Array,
};

function ours(chunks: readonly Buffer[]): unknown[] {
	const replies: unknown[] = [];
	const parser = new ReplyParser((reply) => replies.push(reply));
	for (const chunk of chunks) parser.read(chunk);
	return replies.map(comparable);
}

function theirs(bytes: Buffer): unknown[] {
	const replies: unknown[] = [];
	const add = (reply: unknown) => replies.push(reply);
	new Decoder({getTypeMapping: () => mapping, onReply: add, onErrorReply: add, onPush: () => {}}).write(bytes);
	return replies.map(comparable);
}

/** Their error replies are of classes of their own. */
function comparable(reply: unknown): unknown {
	if (reply instanceof Error) return `${reply.name}: ${reply.message}`;
	if (reply instanceof Uint8Array) return `bytes ${Buffer.from(reply).toString('hex')}`;
	return Array.isArray(reply) ? reply.map(comparable) : reply;
}

const bytesOf = (...parts: readonly (string | Uint8Array)[]): Buffer =>
	Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
const sized = (mark: string, bytes: Uint8Array): Buffer => bytesOf(`${mark}${bytes.length}\r\n`, bytes, '\r\n');
const lineText = fc.string({unit: 'grapheme', maxLength: 12}).filter((text) => !/[\r\n]/.test(text));
const scalar = fc.oneof(
	fc.uint8Array({maxLength: 200}).map((bytes) => sized('$', bytes)),
	fc.uint8Array({maxLength: 20}).map((bytes) => sized('=', bytesOf('txt:', bytes))),
	lineText.map((text) => bytesOf(`+${text}\r\n`)),
	lineText.map((text) => bytesOf(`-ERR ${text}\r\n`)),
	lineText.map((text) => sized('!', Buffer.from(`ERR ${text}`))),
	fc.integer().map((number) => bytesOf(`:${number}\r\n`)),
	fc.bigInt().map((number) => bytesOf(`(${number}\r\n`)),
	fc
		.constantFrom(',1.5\r\n', ',-inf\r\n', ',1e-9\r\n', '#t\r\n', '#f\r\n', '_\r\n', '$-1\r\n', '*-1\r\n')
		.map(Buffer.from),
);
const {reply} = fc.letrec<{reply: Buffer}>((tie) => ({
	reply: fc.oneof(
		{maxDepth: 3, withCrossShrink: true},
		scalar,
		fc
			.tuple(fc.constantFrom('*', '~'), fc.array(tie('reply'), {maxLength: 5}))
			.map(([mark, elements]) => bytesOf(`${mark}${elements.length}\r\n`, ...elements)),
		fc
			.array(fc.tuple(tie('reply'), tie('reply')), {maxLength: 3})
			.map((pairs) => bytesOf(`%${pairs.length}\r\n`, ...pairs.flat())),
	),
}));
const push = fc
	.array(scalar, {minLength: 1, maxLength: 3})
	.map((elements) => bytesOf(`>${elements.length}\r\n`, ...elements));

describe('the parser of replies', () => {
	it('gives the same replies as that of ioredis, wherever the chunks end', () => {
		const stream = fc
			.array(fc.oneof({weight: 5, arbitrary: reply}, push), {maxLength: 6})
			.map((all) => bytesOf(...all));
		const ends = fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 8});
		fc.assert(
			fc.property(stream, ends, (bytes, parts) => {
				const cuts = [0, ...parts.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b), bytes.length];
				const chunks = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
				expect(ours(chunks)).toEqual(theirs(bytes));
			}),
			{numRuns: 2000},
		);
	});

	it('reads replies that arrive byte by byte', () => {
		const bytes = bytesOf('*3\r\n$3\r\nabc\r\n$-1\r\n:-12\r\n', '-ERR no\r\n', '+OK\r\n');
		expect(ours([...bytes].map((byte) => Buffer.from([byte])))).toEqual(theirs(bytes));
	});

	it('takes a value of many chunks together once', () => {
		const value = Buffer.alloc(1_000_000, 'x');
		const bytes = sized('$', value);
		const chunks = Array.from({length: 100}, (_, index) => bytes.subarray(index * 10_001, (index + 1) * 10_001));
		const replies: unknown[] = [];
		const parser = new ReplyParser((each) => replies.push(each));
		const concat = vi.spyOn(Buffer, 'concat');
		for (const chunk of chunks) parser.read(chunk);
		expect(concat).toHaveBeenCalledTimes(1);
		concat.mockRestore();
		expect(replies).toHaveLength(1);
		expect((replies[0] as Buffer).equals(value)).toBe(true);
	});

	it('makes no room for what arrays in arrays only announce', () => {
		const announced = Buffer.from('*1024\r\n'.repeat(20_000));
		const parser = new ReplyParser(() => {});
		const before = process.memoryUsage().heapUsed;
		parser.read(announced);
		expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
		expect(() => parser.read(Buffer.from('HTTP\r\n'))).toThrow('begins with byte 72');
	});

	it('refuses bytes that are no reply', () => {
		expect(() => ours([Buffer.from('HTTP/1.1 400 Bad Request\r\n')])).toThrow('begins with byte 72');
	});

	it.each([
		['a length below nothing, which would lead back', '+ABCDEFG\r\n$ \r\n'],
		['a number of elements below nothing', '* \r\n'],
		['an attribute without a number of pairs', '|-1\r\n'],
		['a line that ends with half of a line end', '+OK\r+OK\r\n'],
		['bytes that are longer than they say', '$2\r\nabc\r\n'],
	])('refuses %s, wherever the chunks end', (_, text) => {
		const bytes = Buffer.from(text);
		for (let end = 0; end <= bytes.length; end++) {
			let replies = 0;
			const parser = new ReplyParser(() => {
				if (++replies > bytes.length) throw new Error('it has read a part again');
			});
			const read = () => {
				parser.read(bytes.subarray(0, end));
				parser.read(bytes.subarray(end));
			};
			expect(read, `cut at ${end}`).toThrow(/^a (reply|line|length)/);
		}
	});

	it('reads any bytes to their end, or refuses them', () => {
		const parts = fc.constantFrom(
			'$',
			'*',
			'%',
			'>',
			'|',
			'+',
			'-',
			':',
			'_',
			'#',
			' ',
			'/',
			'0',
			'1',
			'2',
			'9',
			'\r\n',
			'\r',
			'\n',
		);
		fc.assert(
			fc.property(fc.array(fc.array(parts, {maxLength: 12}), {maxLength: 8}), (chunks) => {
				let replies = 0;
				const parser = new ReplyParser(() => {
					if (++replies > chunks.flat().length) throw new Error('it has read a part again');
				});
				try {
					for (const chunk of chunks) parser.read(Buffer.from(chunk.join('')));
				} catch (error) {
					expect((error as Error).message).toMatch(/^a (reply|line|length)/);
				}
			}),
			{numRuns: 5000},
		);
	});

	it('drops a push that comes amid a reply', () => {
		const text = '*2\r\n$1\r\na\r\n>2\r\n+tracking-redir-broken\r\n:7\r\n$1\r\nb\r\n+OK\r\n';
		for (let end = 0; end <= text.length; end++)
			expect(ours([Buffer.from(text.slice(0, end)), Buffer.from(text.slice(end))])).toEqual([
				['bytes 61', 'bytes 62'],
				'bytes 4f4b',
			]);
	});

	it('drops attributes, before a reply and before its elements, wherever the chunks end', () => {
		const attribute = '|2\r\n+key-popularity\r\n%1\r\n$1\r\na\r\n,0.19\r\n+ttl\r\n:3600\r\n';
		const text = `${attribute}*2\r\n:1\r\n${attribute}$1\r\nb\r\n|0\r\n${attribute}+OK\r\n`;
		for (let end = 0; end <= text.length; end++)
			expect(ours([Buffer.from(text.slice(0, end)), Buffer.from(text.slice(end))])).toEqual([
				[1, 'bytes 62'],
				'bytes 4f4b',
			]);
	});

	it('reads numbers with a plus sign', () => {
		expect(ours([Buffer.from(':+12\r\n*2\r\n:+0\r\n:-3\r\n++1\r\n')])).toEqual([12, [0, -3], 'bytes 2b31']);
	});
});
