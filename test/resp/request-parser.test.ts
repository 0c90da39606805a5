import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {encodeRequest} from '../../source/resp/encode.js';
import {RequestFollower} from '../../source/resp/request-follower.js';
import {RequestParser} from '../../source/resp/request-parser.js';

describe('the request parser', () => {
	const word = fc.string({
		unit: fc.integer({min: 0, max: 255}).map((code) => String.fromCharCode(code)),
		maxLength: 40,
	});
	const request = fc.array(word, {minLength: 1, maxLength: 6});

	it('finds the same commands however they are cut into chunks', () => {
		fc.assert(
			fc.property(fc.array(request, {maxLength: 8}), fc.array(fc.nat(60), {minLength: 1}), (requests, sizes) => {
				const bytes = Buffer.from(requests.map(encodeRequest).join(''), 'latin1');
				const parser = new RequestParser(512 * 1024 * 1024);
				const found: string[][] = [];
				for (let at = 0, turn = 0; at < bytes.length; turn++) {
					const size = (sizes[turn % sizes.length] ?? 0) + 1;
					parser.push(bytes.subarray(at, at + size));
					at += size;
					for (let next = parser.next(); next.kind === 'command'; next = parser.next()) found.push(next.args);
				}
				expect(found).toEqual(requests);
				expect(parser.next()).toEqual({kind: 'incomplete'});
				expect(parser.buffered).toBe(0);
			}),
		);
	});

	it('puts a large value together in time that grows with its size only', () => {
		const size = 64 * 1024 * 1024;
		const parser = new RequestParser(512 * 1024 * 1024);
		const chunk = Buffer.alloc(16 * 1024, 'x');
		parser.push(Buffer.from(`*2\r\n$4\r\nECHO\r\n$${size}\r\n`));
		const started = performance.now();
		for (let sent = 0; sent < size; sent += chunk.length) {
			parser.push(chunk);
			expect(parser.next().kind).toBe('incomplete');
		}
		parser.push(Buffer.from('\r\n'));
		const found = parser.next();
		expect(found.kind === 'command' && found.args[1]?.length).toBe(size);
		// Putting it together anew with every chunk would be 128 GB of copying.
		expect(performance.now() - started).toBeLessThan(5000);
	});

	it('agrees with the request follower on every stream, well formed or not', () => {
		const piece = fc.constantFrom(
			'*1',
			'*2',
			'*0',
			'*-1',
			'$3',
			'$0',
			'$-1',
			'\r\n',
			'\n',
			'GET',
			'a b',
			'"',
			"'x'",
			' ',
			'*',
			'$',
		);
		fc.assert(
			fc.property(fc.array(piece, {maxLength: 20}), fc.nat(5), (pieces, size) => {
				const bytes = Buffer.from(pieces.join(''), 'latin1');
				const parser = new RequestParser(512 * 1024 * 1024);
				parser.push(bytes);
				const parsed: string[] = [];
				let request = parser.next();
				for (; request.kind === 'command'; request = parser.next()) parsed.push(request.args.join());
				const follower = new RequestFollower({maxArgumentBytes: 99, headArguments: () => 9});
				const followed: string[] = [];
				let stop: string = 'more';
				for (let from = 0; from < bytes.length && stop !== 'broken'; from += size + 1) {
					const chunk = bytes.subarray(from, from + size + 1);
					for (
						stop = follower.next(chunk, 0);
						stop === 'head' || stop === 'end';
						stop = follower.next(chunk, follower.offset)
					)
						if (stop === 'end' && follower.argc > 0) followed.push([follower.command, ...follower.args].join());
				}
				expect(followed).toEqual(parsed.map((text) => text.replace(/^[^,]*/, (name) => name.toUpperCase())));
				expect(stop === 'broken').toBe(request.kind === 'protocol-error');
			}),
			{numRuns: 500},
		);
	});

	it.each(['PI\0NG\r\n', '\0\r\n', '"a"\0b\r\n', '"a\0b"\r\n', 'PING\0\r\nPING\r\n'])(
		'never finds the end of the inline command %j, as Redis does not',
		(text) => {
			for (const size of [1, 3, text.length]) {
				const parser = new RequestParser(100);
				for (let at = 0; at < text.length; at += size) parser.push(Buffer.from(text.slice(at, at + size), 'latin1'));
				expect(parser.next()).toEqual({kind: 'incomplete'});
				expect(parser.buffered).toBe(text.length);
			}
		},
	);

	it('follows any line of any bytes, in agreement with the request follower', () => {
		const byte = fc.oneof(
			{weight: 3, arbitrary: fc.constantFrom(...'\0\0\v\f\t\r\n \'"\\x41ab')},
			fc.integer({min: 0, max: 255}).map((code) => String.fromCharCode(code)),
		);
		fc.assert(
			// A follower refuses what a TLS handshake may begin with.
			fc.property(fc.string({unit: byte, maxLength: 60}), fc.integer({min: 1, max: 20}), (rest, size) => {
				const bytes = Buffer.from(`E${rest}\n`, 'latin1');
				const parser = new RequestParser(100);
				parser.push(bytes);
				const parsed = parser.next();
				const follower = new RequestFollower({maxArgumentBytes: 99, headArguments: () => 99});
				let stop: string = 'more';
				for (let at = 0; at < bytes.length && stop === 'more'; at += size)
					stop = follower.next(bytes.subarray(at, at + size), 0);
				if (stop === 'head') {
					const [name = '', ...args] = parsed.kind === 'command' ? parsed.args : [];
					expect([follower.command, ...follower.args]).toEqual([name.toUpperCase(), ...args]);
				} else expect(stop).toBe({incomplete: 'more', 'protocol-error': 'broken', command: 'head'}[parsed.kind]);
				const end = `E${rest}\n`.search(/[\n\0]/);
				expect(parsed.kind === 'incomplete').toBe(bytes[end] === 0);
			}),
			{numRuns: 1000},
		);
	});

	it('counts the bytes of an unfinished command as buffered', () => {
		const parser = new RequestParser(100);
		parser.push(Buffer.from('PING\r\n*1\r\n$4\r\nPI'));
		expect(parser.buffered).toBe(16);
		expect(parser.next()).toEqual({kind: 'command', args: ['PING']});
		expect(parser.next()).toEqual({kind: 'incomplete'});
		expect(parser.buffered).toBe(10);
		parser.push(Buffer.from('NG\r\n\r\n'));
		expect(parser.next()).toEqual({kind: 'command', args: ['PING']});
		expect(parser.next()).toEqual({kind: 'incomplete'});
		expect(parser.buffered).toBe(0);
	});

	it.each([
		['a count that is no number', '*x\r\n', 'invalid multibulk length'],
		['a count that is too large', '*2147483648\r\n', 'invalid multibulk length'],
		['a count with a leading zero', '*01\r\n', 'invalid multibulk length'],
		['an argument without $', '*1\r\n!3\r\n', "expected '$', got '!'"],
		['a negative length', '*1\r\n$-1\r\n', 'invalid bulk length'],
		['a length above the limit', '*1\r\n$101\r\n', 'invalid bulk length'],
		['an endless count', `*${'1'.repeat(70_000)}`, 'too big mbulk count string'],
		['an endless length', `*1\r\n$${'1'.repeat(70_000)}`, 'too big bulk count string'],
		['an endless inline command', 'x'.repeat(70_000), 'too big inline request'],
		['an inline command whose end a NUL hides', `PI\0NG\r\n${'x'.repeat(70_000)}`, 'too big inline request'],
		['an open quote', 'SET "key\r\n', 'unbalanced quotes in request'],
	])('refuses %s in the words of Redis', (_what, text, reason) => {
		const parser = new RequestParser(100);
		parser.push(Buffer.from(text));
		expect(parser.next()).toEqual({kind: 'protocol-error', error: `ERR Protocol error: ${reason}`});
	});
});
