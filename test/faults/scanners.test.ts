import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ReplyScanner} from '../../source/resp/reply-scanner.js';
import {RequestScanner} from '../../source/resp/request-scanner.js';
import {bulk, cutAt, request} from './resp.js';

type Frame = {readonly end: number; readonly name: string; readonly argc: number};

function framesOf(chunks: readonly Buffer[]): Frame[] | 'garbage' {
	const scanner = new RequestScanner();
	const frames: Frame[] = [];
	let before = 0;
	for (const chunk of chunks) {
		let offset = 0;
		for (;;) {
			const found = scanner.scan(chunk, offset);
			offset = scanner.offset;
			if (found === 'garbage') return 'garbage';
			if (found === 'end') frames.push({end: before + offset, name: scanner.name, argc: scanner.argc});
			if (found === 'more') break;
		}
		before += chunk.length;
	}
	return frames;
}

function repliesOf(
	chunks: readonly Buffer[],
	curious = false,
): {end: number; type: string; word: string; number: number}[] | 'garbage' {
	const scanner = new ReplyScanner();
	scanner.curious = curious;
	const replies: {end: number; type: string; word: string; number: number}[] = [];
	let before = 0;
	for (const chunk of chunks) {
		let offset = 0;
		while (offset < chunk.length) {
			const found = scanner.scan(chunk, offset);
			offset = scanner.offset;
			if (found === 'garbage') return 'garbage';
			if (found === 'end')
				replies.push({
					end: before + offset,
					type: String.fromCharCode(scanner.type),
					word: scanner.firstWord,
					number: scanner.lastNumber,
				});
		}
		before += chunk.length;
	}
	return replies;
}

const places = fc.array(fc.nat(), {maxLength: 40});
const word = fc.oneof(
	fc.string({maxLength: 20}),
	fc.constantFrom('\r\n', '*3\r\n', '$5\r\n', '', 'é✓'),
	fc.string({minLength: 300, maxLength: 400}),
);
const command = fc.tuple(
	fc.constantFrom('GET', 'set', 'Mget', 'PING', 'client', 'EVALSHA'),
	fc.array(word, {maxLength: 6}),
);

/** A reply of any shape, as text. */
const reply = fc.letrec<{reply: string; scalar: string}>((tie) => ({
	scalar: fc.oneof(
		fc.constantFrom(
			'+OK\r\n',
			'-ERR no\r\n',
			'$-1\r\n',
			'*-1\r\n',
			'_\r\n',
			'#t\r\n',
			',3.14\r\n',
			',inf\r\n',
			'(123456789012345678901234567890\r\n',
			'*0\r\n',
			'%0\r\n',
		),
		fc.integer().map((value) => `:${value}\r\n`),
		word.map(bulk),
		word.map((text) => `=${Buffer.byteLength(text) + 4}\r\ntxt:${text}\r\n`),
		fc.constant('!9\r\nERR wrong\r\n'),
	),
	reply: fc.oneof(
		{maxDepth: 4},
		tie('scalar'),
		fc.array(tie('reply'), {maxLength: 4}).map((items) => `*${items.length}\r\n${items.join('')}`),
		fc.array(tie('reply'), {maxLength: 4}).map((items) => `~${items.length}\r\n${items.join('')}`),
		fc
			.array(fc.tuple(tie('scalar'), tie('reply')), {maxLength: 3})
			.map((items) => `%${items.length}\r\n${items.flat().join('')}`),
		fc.tuple(tie('scalar'), tie('scalar'), tie('reply')).map(([key, value, rest]) => `|1\r\n${key}${value}${rest}`),
	),
})).reply;

describe('the scanner of requests', () => {
	it('finds every frame and its command, wherever the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(command, {minLength: 1, maxLength: 8}), places, (commands, cuts) => {
				const texts = commands.map(([name, args]) => request(name, ...args));
				const chunks = cutAt(Buffer.from(texts.join('')), cuts);
				let end = 0;
				const expected = commands.map(([name, args], index) => {
					end += Buffer.byteLength(texts[index] ?? '');
					return {end, name: name.toUpperCase(), argc: args.length + 1};
				});
				expect(framesOf(chunks)).toEqual(expected);
			}),
			{numRuns: 300},
		);
	});

	it('reads inline commands, and passes over empty ones', () => {
		const chunks = cutAt(Buffer.from('PING\r\n\r\nset a b\n*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n'), [2, 5, 9, 11]);
		const frames = framesOf(chunks);
		expect(frames === 'garbage' ? frames : frames.map(({name, argc}) => `${name} ${argc}`)).toEqual([
			'PING 1',
			' 1',
			'SET 3',
			' 0',
			' 0',
			'PING 1',
		]);
	});

	it('says so when it is not the Redis protocol', () => {
		expect(framesOf([Buffer.from('*1\r\n+OK\r\n')])).toBe('garbage');
		expect(framesOf([Buffer.from('*1x\r\n')])).toBe('garbage');
		expect(framesOf([Buffer.from('x'.repeat(70_000))])).toBe('garbage');
	});
});

describe('the scanner of replies', () => {
	it('finds the end of every reply, nested or with attributes, wherever the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(reply, {minLength: 1, maxLength: 8}), places, (replies, cuts) => {
				const found = repliesOf(cutAt(Buffer.from(replies.join('')), cuts));
				let end = 0;
				const ends = replies.map((text) => {
					end += Buffer.byteLength(text);
					return end;
				});
				expect(found === 'garbage' ? found : found.map((each) => each.end)).toEqual(ends);
			}),
			{numRuns: 500},
		);
	});

	it('tells a push, what it is about, and the type behind an attribute', () => {
		const text = '>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:2\r\n|1\r\n+ttl\r\n:5\r\n*1\r\n:7\r\n';
		expect(repliesOf([Buffer.from(text)], true)).toMatchObject([
			{type: '>', word: 'subscribe', number: 2},
			{type: '*', number: 7},
		]);
	});

	it('says so when it is not a reply that can be followed', () => {
		expect(repliesOf([Buffer.from('HTTP/1.1 200 OK\r\n')])).toBe('garbage');
		expect(repliesOf([Buffer.from('$?\r\n;4\r\n')])).toBe('garbage');
	});
});
