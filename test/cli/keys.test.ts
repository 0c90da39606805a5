import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';
import {runProgram} from '../support/program.js';

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

	it('ends with exit code 3 if Redis cannot be reached', async () => {
		const {stdout, stderr, exitCode} = await runProgram(['keys', '--url', 'redis://127.0.0.1:1', '--json']);
		expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 3});
		expect(stderr).toMatch(/^redis-cache-tui: [^\n]+\n$/);
	});
});
