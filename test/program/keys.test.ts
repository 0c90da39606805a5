import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';
import {runProgram} from '../support/program.js';
import {itReal} from '../support/real-redis.js';

let redis: PrivateLane;
let url: string;

beforeAll(async () => {
	redis = await openPrivateLane();
	url = redis.url;
	await redis.lane.send('EVAL', ["for i = 1, 3000 do redis.call('SET', 'user:' .. i, i, 'EX', 600) end", 0]);
	await redis.send('HSET order:1 state paid');
	await redis.lane.send('SET', [Buffer.from([0xff]), 'binary']);
});

afterAll(() => redis?.close());

type Line = {readonly key: string; readonly type: string; readonly ttlMs: number | null; readonly bytes: number | null};

const linesOf = (stdout: string): Line[] =>
	stdout
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Line);

describe.concurrent('redis-cache-tui keys', () => {
	it('prints every key that matches as a line of JSON', async () => {
		const {stdout, stderr, exitCode} = await runProgram(['keys', '--url', url, '--pattern', 'user:*', '--json']);
		const lines = linesOf(stdout);
		expect(new Set(lines.map(({key}) => key)).size).toBe(3000);
		for (const line of lines)
			expect(line).toEqual({
				key: expect.any(String),
				type: 'string',
				ttlMs: expect.any(Number),
				bytes: expect.any(Number),
			});
		expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0});
	});

	it('prints keys without TTL and binary keys, and nothing where nothing matches', async () => {
		const [order, binary, none] = await Promise.all(
			['order:1', '"\\xff"', 'nothing*'].map((pattern) =>
				runProgram(['keys', '--url', url, '--pattern', pattern, '--json']),
			),
		);
		expect(linesOf(order?.stdout ?? '')).toEqual([
			{key: 'order:1', type: 'hash', ttlMs: null, bytes: expect.any(Number)},
		]);
		expect(linesOf(binary?.stdout ?? '')).toMatchObject([{key: '"\\xff"', type: 'string'}]);
		expect(none).toMatchObject({stdout: '', stderr: '', exitCode: 0});
	});

	it('prints text for people without --json', async () => {
		const {stdout} = await runProgram(['keys', '--url', url, '--pattern', 'order:*']);
		expect(stdout).toMatch(/^order:1\thash\twithout TTL\t\d+ B\n$/);
	});

	itReal('prints the names alone of keys that the user has no right to, and says how many', async () => {
		await redis.send('ACL SETUSER shop on >secret ~order:* +@all');
		const asShop = url.replace(/\/\/[^@]*@/, '//shop:secret@');
		const {stdout, stderr, exitCode} = await runProgram(['keys', '--url', asShop, '--json']);
		const lines = linesOf(stdout);
		expect(lines).toHaveLength(3002);
		expect(lines.filter(({type}) => type !== null)).toEqual([
			{key: 'order:1', type: 'hash', ttlMs: null, bytes: expect.any(Number)},
		]);
		expect(stderr).toBe('redis-cache-tui: 3,001 keys shown by name only: this user has no right to read them\n');
		expect(exitCode).toBe(0);
		const text = await runProgram(['keys', '--url', asShop, '--pattern', 'user:7']);
		expect(text).toMatchObject({stdout: 'user:7\t?\t?\t-\n', exitCode: 0});
		expect(text.stderr).toMatch(/^redis-cache-tui: 1 key shown by name only: this user has no right to read it\n$/);
	});

	itReal('says so if the user may not look at any key', async () => {
		await redis.send('ACL SETUSER blind on >secret ~* +@all -type');
		const {stdout, stderr, exitCode} = await runProgram([
			'keys',
			'--url',
			url.replace(/\/\/[^@]*@/, '//blind:secret@'),
		]);
		expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 3});
		expect(stderr).toMatch(/the keys cannot be listed: NOPERM .*'type'/);
	});

	it('ends with exit code 3 if Redis cannot be reached', async () => {
		const {stdout, stderr, exitCode} = await runProgram(['keys', '--url', 'redis://127.0.0.1:1', '--json']);
		expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 3});
		expect(stderr).toMatch(/^redis-cache-tui: [^\n]+\n$/);
	});
});
