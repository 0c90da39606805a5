import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {RequestFollower, type RequestFollowerOptions} from '../../source/resp/request-follower.js';
import {cutAt, request} from '../support/resp.js';

type Followed = {
	readonly end: number;
	readonly command: string;
	readonly argc: number;
	readonly args: readonly string[];
};

const nameOnly: RequestFollowerOptions = {maxArgumentBytes: 32};

/** @param reads `whole`: requests that are whole in a chunk are read at once. */
function follow(
	chunks: readonly Buffer[],
	options = nameOnly,
	reads: 'whole' | 'stepwise' = 'stepwise',
): Followed[] | 'broken' {
	const follower = new RequestFollower(options);
	const followed: Followed[] = [];
	let before = 0;
	for (const chunk of chunks) {
		let offset = 0;
		for (;;) {
			if (reads === 'whole' && follower.atBoundary && follower.readWhole(chunk, offset)) {
				offset = follower.offset;
				const {command, argc, args} = follower;
				followed.push({end: before + offset, command, argc, args: [...args]});
				continue;
			}
			const stop = follower.next(chunk, offset);
			offset = follower.offset;
			if (stop === 'broken') return 'broken';
			if (stop === 'more') break;
			if (stop === 'head') continue;
			const {command, argc, args} = follower;
			followed.push({end: before + offset, command, argc, args: [...args]});
		}
		before += chunk.length;
	}
	return followed;
}

const summaries = (chunks: readonly Buffer[], options = nameOnly) => {
	const followed = follow(chunks, options);
	return followed === 'broken'
		? followed
		: followed.map(({command, argc, args}) => [command, argc, ...args].join(' ').trim());
};

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

describe('the request follower', () => {
	it('finds the end, the command and the number of arguments of every request, wherever the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(command, {minLength: 1, maxLength: 8}), places, (commands, cuts) => {
				const texts = commands.map(([name, args]) => request(name, ...args));
				const chunks = cutAt(Buffer.from(texts.join('')), cuts);
				let end = 0;
				const expected = commands.map(([name, args], index) => {
					end += Buffer.byteLength(texts[index] ?? '');
					return {end, command: name.toUpperCase(), argc: args.length + 1, args: []};
				});
				expect(follow(chunks)).toEqual(expected);
				expect(follow(chunks, nameOnly, 'whole')).toEqual(expected);
			}),
			{numRuns: 300},
		);
	});

	it('keeps the beginning of the first arguments, wherever the stream is cut', () => {
		const options = {maxArgumentBytes: 8, headArguments: () => 3};
		fc.assert(
			fc.property(fc.array(command, {minLength: 1, maxLength: 8}), places, (commands, cuts) => {
				const chunks = cutAt(Buffer.from(commands.map(([name, args]) => request(name, ...args)).join('')), cuts);
				const followed = follow(chunks, options);
				expect(follow(chunks, options, 'whole')).toEqual(followed);
				expect(followed === 'broken' ? followed : followed.map(({args}) => args)).toEqual(
					commands.map(([, args]) =>
						args.slice(0, 3).map((text) => Buffer.from(text).subarray(0, 8).toString('latin1')),
					),
				);
			}),
			{numRuns: 300},
		);
	});

	it('knows the head of a command as soon as its name is there, or the arguments that belong to it', () => {
		const follower = new RequestFollower({
			maxArgumentBytes: 32,
			headArguments: (name) => (name === 'CLIENT' ? 2 : 0),
		});
		const set = Buffer.from('*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1\r\nv\r\n');
		expect(follower.next(set, 0)).toBe('head');
		expect([follower.command, follower.offset]).toEqual(['SET', '*3\r\n$3\r\nset\r\n'.length]);
		expect(follower.atBoundary).toBe(false);
		expect(follower.next(set, follower.offset)).toBe('end');
		expect(follower.atBoundary).toBe(true);
		const client = Buffer.from(request('client', 'reply', 'off'));
		expect(follower.next(client, 0)).toBe('head');
		expect([follower.offset, ...follower.args]).toEqual([client.length, 'reply', 'off']);
		expect(follower.next(client, client.length)).toBe('end');
		const short = Buffer.from(request('CLIENT', 'ID'));
		expect([follower.next(short, 0), follower.offset]).toEqual(['head', short.length]);
	});

	it('follows inline commands, and passes over empty requests', () => {
		const chunks = cutAt(Buffer.from('PING\r\n\r\nset "a b" c\n*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n'), [2, 5, 9, 11]);
		expect(summaries(chunks, {maxArgumentBytes: 32, headArguments: () => 2})).toEqual([
			'PING 1',
			'0',
			'SET 3 a b c',
			'0',
			'0',
			'PING 1',
		]);
	});

	it('never finds the end of an inline command with a NUL in it, as Redis does not', () => {
		for (const text of ['PI\0NG\r\n', '"a"\0b\r\n', 'PI\0NG\r\nPING\r\n'])
			expect(summaries(cutAt(Buffer.from(text), [1, 4])), JSON.stringify(text)).toEqual([]);
		expect(summaries([Buffer.from('\0\r\n')])).toBe('broken');
		expect(summaries([Buffer.from(`PI\0NG\r\n${'x'.repeat(70_000)}`)])).toBe('broken');
	});

	it('reports a stream that is not the Redis protocol', () => {
		for (const text of [
			'*1\r\n+OK\r\n',
			'*1x\r\n',
			'*1\r\nnonsense',
			'\x16\x03\x01\n',
			'SET "open\r\n',
			'x'.repeat(70_000),
		])
			expect(summaries([Buffer.from(text, 'latin1')]), text.slice(0, 20)).toBe('broken');
	});

	it('bounds what it reads before the command is known', () => {
		expect(summaries([Buffer.from('*1\r\n$100000000\r\nn')])).toBe('broken');
		const wordy = {maxArgumentBytes: 32, headArguments: () => 2};
		expect(summaries([Buffer.from('*3\r\n$6\r\nCLIENT\r\n$100000000\r\nn')], wordy)).toBe('broken');
		const short = {maxArgumentBytes: 32, optionalArguments: () => 2};
		const long = Buffer.from(request('EVAL', 'n'.repeat(100_000), '0') + request('EVAL', 'x', '0'));
		for (const chunks of [[long], cutAt(long, [3, 20, 40_000])])
			expect(follow(chunks, short)).toMatchObject([
				{command: 'EVAL', argc: 3, args: []},
				{command: 'EVAL', argc: 3, args: ['x', '0']},
			]);
		// After the head a value may have any size.
		expect(summaries([Buffer.from('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000000\r\nn')])).toEqual([]);
	});
});
