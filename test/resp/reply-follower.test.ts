import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ReplyFollower} from '../../source/resp/reply-follower.js';
import {bulk, cutAt} from '../support/resp.js';

type Followed = {
	readonly end: number;
	readonly type: string;
	readonly text: string;
	readonly number: number;
	readonly isError: boolean;
};

function follow(chunks: readonly Buffer[], wantsText = false): Followed[] | 'broken' {
	const follower = new ReplyFollower();
	follower.wantsText = wantsText;
	const followed: Followed[] = [];
	let before = 0;
	for (const chunk of chunks) {
		let offset = 0;
		while (offset < chunk.length) {
			const stop = follower.next(chunk, offset);
			offset = follower.offset;
			if (stop === 'broken') return 'broken';
			if (stop === 'more') break;
			const {type, text, lastNumber: number, isError} = follower;
			followed.push({end: before + offset, type: String.fromCharCode(type), text, number, isError});
		}
		before += chunk.length;
	}
	return followed;
}

const places = fc.array(fc.nat(), {maxLength: 40});
const word = fc.oneof(
	fc.string({maxLength: 20}),
	fc.constantFrom('\r\n', '*3\r\n', '$5\r\n', '', 'é✓'),
	fc.string({minLength: 300, maxLength: 400}),
);

const message = `>2\r\n${bulk('message')}*2\r\n${bulk('a')}:1\r\n`;

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
		// Messages before elements, which count as none.
		fc
			.array(fc.tuple(fc.nat({max: 2}), tie('reply')), {maxLength: 3})
			.map((items) => `*${items.length}\r\n${items.map(([count, item]) => message.repeat(count) + item).join('')}`),
		fc.array(tie('reply'), {maxLength: 4}).map((items) => `~${items.length}\r\n${items.join('')}`),
		fc
			.array(fc.tuple(tie('scalar'), tie('reply')), {maxLength: 3})
			.map((items) => `%${items.length}\r\n${items.flat().join('')}`),
		fc.tuple(tie('scalar'), tie('scalar'), tie('reply')).map(([key, value, rest]) => `|1\r\n${key}${value}${rest}`),
	),
})).reply;

describe('the reply follower', () => {
	it('finds the end of every reply, nested or with attributes, wherever the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(reply, {minLength: 1, maxLength: 8}), places, (replies, cuts) => {
				const found = follow(cutAt(Buffer.from(replies.join('')), cuts));
				let end = 0;
				const ends = replies.map((text) => {
					end += Buffer.byteLength(text);
					return end;
				});
				expect(found === 'broken' ? found : found.map((each) => each.end)).toEqual(ends);
			}),
			{numRuns: 500},
		);
	});

	it('tells a push, what it is about, and the type behind an attribute', () => {
		const text = '>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:2\r\n|1\r\n+ttl\r\n:5\r\n*1\r\n:7\r\n';
		expect(follow([Buffer.from(text)], true)).toMatchObject([
			{type: '>', text: 'subscribe', number: 2},
			{type: '*', text: '', number: 7},
		]);
	});

	it('tells errors and their code without being asked for texts, wherever the stream is cut', () => {
		const text = '-LOADING Redis is loading the dataset in memory\r\n!9\r\nERR wrong\r\n$3\r\nERR\r\n+OK\r\n';
		fc.assert(
			fc.property(places, (cuts) => {
				expect(follow(cutAt(Buffer.from(text), cuts))).toMatchObject([
					{isError: true, text: 'LOADING Redis is loading the dat'},
					{isError: true, text: 'ERR wrong'},
					{isError: false, text: ''},
					{isError: false, text: ''},
				]);
			}),
		);
	});

	it('follows nulls, empty and nested arrays, and maps', () => {
		const replies = [`*3\r\n$-1\r\n${bulk('v')}_\r\n`, '$-1\r\n', '*-1\r\n', '*1\r\n*2\r\n:1\r\n:2\r\n'];
		const maps = ['%2\r\n+a\r\n_\r\n+b\r\n:1\r\n', bulk('x')];
		expect(follow([Buffer.from([...replies, ...maps].join(''))])).toMatchObject(
			['*', '$', '*', '*', '%', '$'].map((type) => ({type})),
		);
	});

	it('reports a stream that is not made of replies', () => {
		expect(follow([Buffer.from('HTTP/1.1 200 OK\r\n')])).toBe('broken');
		expect(follow([Buffer.from('$?\r\n;4\r\n')])).toBe('broken');
	});
});
