import {execFileSync} from 'node:child_process';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {describeReply} from '../../source/engine/commands/lines/describe-reply.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {describeReal} from '../support/real-redis.js';

let server: PrivateRedis;
let pool: Pool;
let engine: TestEngine;

const direct = async (command: string, ...args: (string | Buffer)[]) => pool.lanes[0]?.send(command, args);
const host = () => `127.0.0.1:${server.port}`;

beforeAll(async () => {
	server = await startPrivateRedis({password: ''});
	pool = createPool({url: `redis://${host()}`, lanes: 1});
	await pool.ready(30_000);
	engine = await startTestEngine({url: `redis://${host()}`});
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected');
});

afterAll(async () => {
	await engine?.close();
	await pool?.close();
	await server?.close();
});

describeReal('a raw command', () => {
	beforeAll(async () => {
		await direct('RPUSH', 'list', ...Array.from({length: 11}, (_, index) => `item ${index}`));
		await direct('HSET', 'hash', 'field', 'value');
	});

	it.each([
		['PING'],
		['SET', 'text', 'a "b" \\ c\n\u0001'],
		['GET', 'text'],
		['TYPE', 'text'],
		['GET', 'nobody'],
		['LRANGE', 'nobody', '0', '-1'],
		['LRANGE', 'list', '0', '-1'],
		['EXPIRE', 'hash', '100'],
		['HGETALL', 'hash'],
		['EVAL', 'return {1,{2,{3,"x"},false},{err="ERR no"},{}}', '0'],
		['CONFIG', 'GET', 'maxmemory'],
		['MEMORY', 'DOCTOR'],
	])('prints the reply to %s as redis-cli does', async (...words) => {
		const [name, ...args] = words as [string, ...string[]];
		const cli = execFileSync('redis-cli', ['-p', String(server.port), '--no-raw', ...words], {encoding: 'utf8'});
		const reply = await engine.engine.run({name: 'redis', args: [name, ...args], consent: host()});
		// redis-cli prints an empty line after a text.
		expect(reply.ok && reply.lines.join('\n')).toBe(cli.trimEnd().replaceAll('\r', ''));
	});
});

describe('the printed reply', () => {
	const reads = {command: ['GET', 'key'], writes: false};

	it('leaves UTF-8 readable, and escapes what is none', () => {
		expect(describeReply(Buffer.from('äöü 日本 👩‍👩‍👧'), reads)).toEqual(['"äöü 日本 👩‍👩‍👧"']);
		expect(describeReply(Buffer.from([0xff, 0x22, 0x5c, 0x0a]), reads)).toEqual(['"\\xff\\"\\\\\\n"']);
	});

	it('has the start of a long string, cut between characters, and its length', () => {
		const [line = '', ...others] = describeReply(Buffer.from('é'.repeat(10_000_000)), reads);
		expect(others).toEqual([]);
		expect(line).toMatch(/^"é+" … \(20,000,000 bytes in all\)$/);
		expect(line.length).toBeLessThan(20_000);
	});

	it('ends after a thousand lines, however the reply is nested', () => {
		const wide = Array.from({length: 500}, () => Array.from({length: 500}, () => 1));
		const lines = describeReply(wide, reads);
		expect(lines).toHaveLength(1001);
		expect(lines.at(-1)).toMatch(/^… the rest is not printed/);
		expect(
			describeReply(
				Array.from({length: 1000}, () => Buffer.alloc(16_000, 'a')),
				reads,
			).length,
		).toBeLessThan(30);
	});
});

describe('a dangerous command', () => {
	it('wants the word with the host, on a private Redis as well', async () => {
		const own = await startTestEngine();
		onTestFinished(() => own.close());
		const {port} = new URL(own.latest().target.url);
		for (const line of ['KEYS *', 'FLUSHALL', 'CONFIG SET maxmemory 0', 'CLIENT KILL ID 999999']) {
			const question = {code: 'ERR_CONSENT', message: expect.stringMatching(/dangerous/)};
			expect(await engine.run(`redis ${line}`), line).toMatchObject({...question, question: {word: host()}});
			expect(await own.run(`redis ${line}`), line).toMatchObject({...question, question: {word: `127.0.0.1:${port}`}});
		}
	});

	it('is asked about each time, and runs with the word; reading that is harmless is not asked about', async () => {
		await engine.ok('redis KEYS *', host());
		expect(await engine.refused('redis KEYS *')).toMatch(/KEYS is a command .* dangerous/);
		for (const line of ['INFO server', 'CONFIG GET maxmemory', 'CLIENT LIST', 'SLOWLOG GET 1', 'ROLE'])
			await engine.ok(`redis ${line}`);
	});
});

describe('on a Redis of others', () => {
	it('reads of a name find the key of that name, before an entry of the cache', async () => {
		await direct('SET', 'theirs', '{"plan":"pro"}', 'PX', '60000');
		await direct('HSET', 'theirs:hash', 'field', 'value');
		expect(await engine.ok('get theirs')).toEqual([
			'{',
			'  "plan": "pro"',
			'}',
			expect.stringMatching(/^key of Redis, string, .*14 bytes, .*expires in (1 min|60 s|59\.\d+ s)$/),
		]);
		expect((await engine.ok('get theirs:hash'))[0]).toBe('field = value');
		expect(await engine.ok('has theirs')).toEqual(['yes']);
		expect((await engine.ok('ttl theirs'))[0]).toMatch(/ left$/);
		expect((await engine.ok('mget theirs nobody'))[1]).toBe('nobody = (miss)');
		expect(await engine.ok('get nobody')).toEqual(['(miss)']);
		expect(await engine.ok('has nobody')).toEqual(['no']);
	});

	it('a look at a key, as the open value is watched, does not count as a use of it', async () => {
		await direct('SET', 'quiet', 'value');
		const payload = (await direct('DUMP', 'quiet')) as Buffer;
		await direct('RESTORE', 'quiet', '0', payload, 'REPLACE', 'IDLETIME', '100');
		for (let times = 0; times < 3; times++)
			expect(await engine.ok('peek quiet')).toEqual([
				expect.stringMatching(/^string, without TTL, \d+ B .*not used for 10\d s$/),
			]);
		await engine.ok('inspect quiet');
		expect(await engine.ok('peek quiet')).toEqual([expect.stringMatching(/not used for [01] m?s$/)]);
		expect(await engine.ok('peek nobody')).toEqual(['(no such key)']);
	});

	it('changes of the cache refuse such a name, and say what changes the key', async () => {
		await direct('SET', 'theirs', 'precious');
		expect(await engine.refused('del theirs', host())).toMatch(/not an entry of the cache: write remove theirs$/);
		expect(await engine.refused('expire theirs 5m', host())).toMatch(/write lifetime theirs 5m$/);
		expect(String(await direct('GET', 'theirs'))).toBe('precious');
		expect(await engine.ok('set own 1', host())).toEqual([expect.stringMatching(/^set in Redis as rct:test:own$/)]);
		expect((await engine.ok('get own')).at(-1)).toMatch(/^from (memory|redis)/);
	});
});
