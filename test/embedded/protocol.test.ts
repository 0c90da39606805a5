import {describe, expect, it} from 'vitest';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {ServerPair} from '../support/server-pair.js';
import {until} from '../support/until.js';

const requestOf = (words: readonly string[]): string =>
	`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

/** The server replies to each of them with an error, and closes the connection. */
const malformed = {
	'a bulk without its dollar': '*2\r\n$3\r\nGET\r\n!3\r\nkey\r\n',
	'a length that is no number': '*2\r\n$3\r\nGET\r\n$abc\r\nkey\r\n',
	'a negative length': '*2\r\n$3\r\nGET\r\n$-5\r\n',
	'a huge length': '*2\r\n$3\r\nGET\r\n$9999999999\r\n',
	'a count that is no number': '*abc\r\n$3\r\nGET\r\n',
	'a huge count': '*9999999999\r\n',
	'an open quote': 'SET "key\r\n',
	'a quote that runs into a word': 'SET "key"x y\r\n',
	'an endless line': `${'x'.repeat(70_000)}`,
	'a line whose end a NUL hides': `PI\0NG\r\n${'x'.repeat(70_000)}`,
	'an endless count': `*${'1'.repeat(70_000)}`,
	'an endless length': `*1\r\n$${'1'.repeat(70_000)}`,
};

/** Requests that a browser sends when a web page asks it to. The server closes the connection without a word. */
const web = {
	'a POST whose body holds a command': 'POST / HTTP/1.1\r\n\r\nSET a 1\r\n',
	'a request with a Host header': 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\nSET a 1\r\n',
	'the same in RESP': `${requestOf(['PING'])}${requestOf(['Post', 'x'])}${requestOf(['SET', 'a', '1'])}`,
	'the same in small letters': 'PING\r\nhost: localhost\r\nSET a 1\r\n',
};

/** The server replies to each of them, and keeps the connection. */
const odd = {
	'an inline command': 'PING\r\n',
	'an inline command that ends with a line feed only': 'PING\n',
	'an inline command with quotes': `ECHO "a\\x41\\n\\"b" \r\nECHO 'it\\'s'\r\nECHO ""\r\n`,
	'an inline command with blanks of all kinds': `\v\fECHO\t\v"a"\f\r\nECHO a\vb\r\nECHO\fa\r\n`,
	'spaces around': '   PING   \r\n',
	'empty lines': '\r\n\r\n\nPING\r\n',
	'an empty array': '*0\r\n*-1\r\nPING\r\n',
	'an empty word': '*1\r\n$0\r\n\r\n',
	'both kinds in turn': `PING\r\n${requestOf(['ECHO', 'a'])}PING\r\n`,
};

describe.skipIf(realRedisVersion === undefined)('the built-in server, like a real Redis,', () => {
	const servers = new ServerPair();

	for (const [name, bytes] of Object.entries(malformed)) {
		it(`refuses ${name}`, async () => {
			const answers = await Promise.all(
				servers.both.map(async ({port}) => {
					const wire = await RawConnection.open(port);
					wire.send(['PING']);
					await wire.nextReply();
					wire.send(bytes);
					const answer = await wire.untilClosed();
					wire.close();
					return answer;
				}),
			);
			expect(answers[1]).toBe(answers[0]);
			expect(answers[0]).toMatch(/^-ERR Protocol error/);
		});
	}

	for (const [name, bytes] of Object.entries(web)) {
		it(`closes the connection at ${name}`, async () => {
			const answers = await Promise.all(
				servers.both.map(async ({port}) => {
					const wire = await RawConnection.open(port);
					wire.send(bytes);
					const answer = await wire.untilClosed();
					wire.close();
					const other = await RawConnection.open(port);
					const {text} = await other.call(['EXISTS', 'a']);
					other.close();
					return {answer, text};
				}),
			);
			expect(answers).toEqual([
				{answer: '', text: ':0\r\n'},
				{answer: '', text: ':0\r\n'},
			]);
		});
	}

	it('forgets a client after a protocol error, although that keeps its half of the connection', async () => {
		for (const {port} of servers.both) {
			const wire = await RawConnection.open(port);
			wire.send('CLIENT SETNAME broken\r\n*1\r\n!\r\n');
			expect(await wire.untilClosed()).toBe("+OK\r\n-ERR Protocol error: expected '$', got '!'\r\n");
			const other = await RawConnection.open(port);
			await until(
				async () => !(await other.call(['CLIENT', 'LIST'])).text.includes('name=broken'),
				'it to be forgotten',
			);
			wire.close();
			other.close();
		}
	});

	it.each([
		[2, []],
		[3, []],
		[3, ['BCAST']],
	] as const)('tells a RESP%i client (tracking %j) that the target of its redirection is gone', async (resp, mode) => {
		const answers = await Promise.all(
			servers.both.map(async ({port}) => {
				const [tracker, target, writer] = await Promise.all([
					RawConnection.open(port, resp),
					RawConnection.open(port),
					RawConnection.open(port),
				]);
				const [, id = ''] = /:(\d+)/.exec((await target.call(['CLIENT', 'ID'])).text) ?? [];
				await tracker.call(['CLIENT', 'TRACKING', 'ON', 'REDIRECT', id, ...mode]);
				await tracker.call(['GET', 'redirected']);
				await target.call(['QUIT']);
				await until(async () => !(await writer.call(['CLIENT', 'LIST'])).text.includes(`id=${id} `), 'it to be gone');
				const seen: string[] = [];
				for (const words of [['SET', 'redirected', '1'], ['FLUSHALL']]) {
					await writer.call(words);
					seen.push(await tracker.collect(), (await tracker.call(['CLIENT', 'TRACKINGINFO'])).text);
				}
				for (const wire of [tracker, target, writer]) wire.close();
				return seen.join('').replaceAll(`:${id}\r\n`, ':id\r\n');
			}),
		);
		expect(answers[1]).toBe(answers[0]);
		expect(answers[0]).toContain('broken_redirect');
	});

	for (const [name, bytes] of Object.entries(odd)) {
		it(`accepts ${name}`, async () => {
			const answers = await Promise.all(
				servers.both.map(async ({port}) => {
					const wire = await RawConnection.open(port);
					wire.send(bytes);
					const answer = await wire.collect();
					wire.close();
					return answer;
				}),
			);
			expect(answers[1]).toBe(answers[0]);
			expect(answers[0]).not.toBe('');
		});
	}
});
