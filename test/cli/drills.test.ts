import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {runProgram, startProgram} from '../support/program.js';
import {until} from '../support/until.js';

describe('a drill on a Redis that this program did not start', () => {
	let directory: string;
	let server: PrivateRedis;
	let redis: Redis;
	let url: string;

	beforeAll(async () => {
		directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		server = await startPrivateRedis();
		url = `redis://127.0.0.1:${server.port}`;
		redis = new Redis(url);
	});

	beforeEach(async () => {
		await redis.flushall();
		await redis.set('mine', 'untouched');
	});

	afterAll(async () => {
		redis?.disconnect();
		await server?.close();
		rmSync(directory, {recursive: true});
	});

	const file = (name: string, fault: string, duration: string, workload = {}) => {
		const path = join(directory, `${name}.json`);
		const steps = [{at: '0.5s', fault, for: '0.5s'}];
		const expectations = ['wrongReads == 0'];
		writeFileSync(path, JSON.stringify({name, summary: 'for a test', duration, workload, steps, expectations}));
		return path;
	};

	const writesSeen = async () => {
		const stats = await redis.info('commandstats');
		return stats.split('\r\n').filter((line) => /^cmdstat_(set|evalsha|eval|del|unlink|config\|set)/.test(line));
	};

	it.each(['kill', 'pause', 'memory-full'])(
		'is refused with a sentence when it would %s the server, before anything is written',
		async (fault) => {
			const path = file(`breaks-${fault}`, fault, '2s');
			await redis.config('RESETSTAT');
			const result = await runProgram(['drill', path, '--report', 'junit', '--url', url]);
			expect(result.stderr).toMatch(
				new RegExp(`^redis-cache-tui: drill breaks-${fault} cannot run here: ${fault} is only done to a server that`),
			);
			expect(result.stderr.split('\n')).toHaveLength(2);
			expect(result).toMatchObject({exitCode: 2, stdout: ''});
			expect(await writesSeen()).toEqual([]);
			expect(await redis.keys('*')).toEqual(['mine']);
		},
	);

	it('removes what it wrote, and nothing else', async () => {
		await redis.set('rct-drill-00000000:default:item:1', 'of somebody else');
		const path = file('cut', 'blackhole', '1.5s');
		const running = startProgram(['drill', path, '--json', '--url', url]);
		await until(async () => (await redis.dbsize()) > 50, 'it to write', {timeoutMs: 15_000});
		const {exitCode, stdout} = await running.finished;
		expect(JSON.parse(stdout)).toMatchObject({drill: 'cut', passed: true});
		expect(exitCode).toBe(0);
		expect((await redis.keys('*')).sort()).toEqual(['mine', 'rct-drill-00000000:default:item:1']);
	});

	it('removes what it wrote also when it is interrupted in the middle of a fault', async () => {
		const running = startProgram(['drill', file('long', 'latency 50ms', '30s'), '--url', url]);
		await until(() => running.stderr().split('\n').length > 1, 'a line of progress', {timeoutMs: 15_000});
		await until(async () => (await redis.dbsize()) > 50, 'it to write', {timeoutMs: 15_000});
		running.child.kill('SIGINT');
		const {exitCode, stdout} = await running.finished;
		expect(stdout).toMatch(/^long on redis.* \(external\): incomplete, interrupted by SIGINT\n/);
		expect(exitCode).toBe(130);
		expect(await redis.keys('*')).toEqual(['mine']);
	});

	it('removes what it wrote also where there might have been a million keys', async () => {
		const {exitCode} = await runProgram(['drill', file('many', 'reset', '1.5s', {keys: 1_000_000}), '--url', url]);
		expect(exitCode).toBe(0);
		expect(await redis.keys('*')).toEqual(['mine']);
	});

	it('does not meet another one on the same Redis', async () => {
		const path = file('twin', 'refuse', '2.5s');
		const results = await Promise.all([1, 2].map(() => runProgram(['drill', path, '--json', '--url', url])));
		for (const {exitCode, stdout} of results) {
			expect(JSON.parse(stdout)).toMatchObject({wrongReads: 0, failedCalls: 0, passed: true});
			expect(exitCode).toBe(0);
		}
		expect(await redis.keys('*')).toEqual(['mine']);
	});
});
