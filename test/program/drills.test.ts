import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {runProgram, startProgram} from '../support/program.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

/** For what takes a second on an idle machine. */
describe('a drill on a Redis that this program did not start', () => {
	let directory: string;
	let server: PrivateRedis;
	/** Each test has a database of its own, so that they can run at the same time. */
	let databases = 0;

	beforeAll(async () => {
		directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		server = await startPrivateRedis({password: ''});
	});

	afterAll(async () => {
		await server?.close();
		rmSync(directory, {recursive: true});
	});

	/** A database whose only key is `mine`. */
	const openDatabase = async ({
		onTestFinished,
	}: Pick<TestContext, 'onTestFinished'>): Promise<{readonly url: string; readonly redis: Redis}> => {
		const url = `redis://127.0.0.1:${server.port}/${databases++}`;
		const redis = new Redis(url);
		onTestFinished(() => redis.disconnect());
		await redis.set('mine', 'untouched');
		return {url, redis};
	};

	const file = (name: string, fault: string, duration: string, workload: object = {rate: 200}) => {
		const path = join(directory, `${name}.json`);
		const steps = [{at: '0.5s', fault, for: '0.5s'}];
		const expectations = ['wrongReads == 0'];
		// On a busy machine the cache would miss its own deadline, and write nothing.
		const cache = {deadline: '2s'};
		writeFileSync(path, JSON.stringify({name, summary: 'for a test', duration, workload, cache, steps, expectations}));
		return path;
	};

	/**
	 * Write commands that the server has run on any of its databases, those of scripts included. A script alone is none: the
	 * cache asks with one whether it may run them.
	 */
	const writesSeen = async (redis: Redis) => {
		const stats = await redis.info('commandstats');
		return stats.split('\r\n').filter((line) => /^cmdstat_(set|del|unlink|config\|set)[:|]/.test(line));
	};

	it.for(['kill', 'pause', 'memory-full'])(
		'is refused before it writes anything, if it would %s the server',
		async (fault, context) => {
			const {url, redis} = await openDatabase(context);
			const path = file(`breaks-${fault}`, fault, '2s');
			await redis.config('RESETSTAT');
			const result = await runProgram(['drill', path, '--report', 'junit', '--url', url]);
			expect(result.stderr).toMatch(
				new RegExp(
					`^redis-cache-tui: drill breaks-${fault} cannot run here: ${fault} is available only on a server that`,
				),
			);
			expect(result.stderr.split('\n')).toHaveLength(2);
			expect(result).toMatchObject({exitCode: 2, stdout: ''});
			expect(await writesSeen(redis)).toEqual([]);
			expect(await redis.keys('*')).toEqual(['mine']);
		},
	);

	describe.concurrent('that writes to it', () => {
		it('removes its keys and no others', async (context) => {
			const {url, redis} = await openDatabase(context);
			await redis.set('rct-drill-00000000:default:item:1', 'of somebody else');
			const path = file('cut', 'blackhole', '8s');
			const running = startProgram(['drill', path, '--json', '--url', url]);
			await until(async () => (await redis.dbsize()) > 2, 'it to write');
			const {exitCode, stdout} = await running.finished;
			expect(JSON.parse(stdout)).toMatchObject({drill: 'cut', passed: true});
			expect(exitCode).toBe(0);
			expect((await redis.keys('*')).sort()).toEqual(['mine', 'rct-drill-00000000:default:item:1']);
		});

		it('removes its keys when it is interrupted during a fault', async (context) => {
			const {url, redis} = await openDatabase(context);
			const running = startProgram(['drill', file('long', 'latency 50ms', '30s'), '--url', url]);
			await until(() => running.stderr().split('\n').length > 1, 'a line of progress');
			await until(async () => (await redis.dbsize()) > 1, 'it to write');
			running.child.kill('SIGINT');
			const {exitCode, stdout} = await running.finished;
			expect(stdout).toMatch(/^long on redis.* \(external\): incomplete, interrupted by SIGINT\n/);
			expect(exitCode).toBe(130);
			expect(await redis.keys('*')).toEqual(['mine']);
		});

		it('leaves no key for longer than the drill takes when it is killed', async (context) => {
			const {url, redis} = await openDatabase(context);
			const running = startProgram(['drill', file('killed', 'latency 1ms', '8s'), '--url', url]);
			const hasWritten = async () => (await redis.keys('*:!!beat:*')).length > 0 && (await redis.dbsize()) > 5;
			await until(hasWritten, 'it to write entries and the time');
			running.child.kill('SIGKILL');
			await running.finished;
			const left = (await redis.keys('*')).filter((key) => key !== 'mine');
			expect(left.length).toBeGreaterThan(4);
			const ttls = await Promise.all(left.map((key) => redis.pttl(key)));
			// The time to live and the grace of an entry, each as long as the drill and a margin, and a margin for markers.
			for (const [index, ttl] of ttls.entries())
				expect([left[index], ttl > 0 && ttl <= 60_000]).toEqual([left[index], true]);
		});

		it('removes its keys when its workload may have used a million', async (context) => {
			const {url, redis} = await openDatabase(context);
			const path = file('many', 'reset', '1.5s', {rate: 200, keys: 1_000_000});
			const {stdout} = await runProgram(['drill', path, '--json', '--url', url]);
			// Not that it has passed: that may be undecided on a busy machine.
			expect(JSON.parse(stdout)).toMatchObject({wrongReads: 0, failedCalls: 0});
			expect(await redis.keys('*')).toEqual(['mine']);
		});

		it('does not share keys with another one on the same Redis', async (context) => {
			const {url, redis} = await openDatabase(context);
			const path = file('twin', 'refuse', '2.5s');
			const results = await Promise.all([1, 2].map(() => runProgram(['drill', path, '--json', '--url', url])));
			for (const {stdout} of results) expect(JSON.parse(stdout)).toMatchObject({wrongReads: 0, failedCalls: 0});
			expect(await redis.keys('*')).toEqual(['mine']);
		});
	});
});

describeReal('several drills', () => {
	it('go on with the next one where a server does not start in one of them', async ({onTestFinished}) => {
		const directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		onTestFinished(() => rmSync(directory, {recursive: true}));
		// The first server ends at once, and each later one is a redis-server.
		const script = `#!/bin/sh
real=$(PATH="$RCT_TEST_PATH" command -v redis-server)
if [ "$1" != --version ] && mkdir "$(dirname "$0")/begun" 2>/dev/null; then echo "no room in this test"; exit 1; fi
exec "$real" "$@"
`;
		writeFileSync(join(directory, 'redis-server'), script, {mode: 0o755});
		const path = process.env.PATH ?? '';
		const running = startProgram(['drill', 'all', '--json'], {
			env: {PATH: `${directory}:${path}`, RCT_TEST_PATH: path},
		});
		await until(() => /^black-hole\n.*calls|^black-hole\n.*\d\/s/m.test(running.stderr()), 'the second one to run');
		running.child.kill('SIGINT');
		const {exitCode, stdout, stderr} = await running.finished;
		expect(stderr).toMatch(/^default\nnot run: cannot start a private Redis: .*no room in this test\nblack-hole\n/);
		expect(JSON.parse(stdout)).toMatchObject([
			{drill: 'default', passed: false, calls: 0, partial: expect.stringMatching(/^not run: cannot start/)},
			{drill: 'black-hole', passed: false, partial: 'interrupted by SIGINT'},
		]);
		expect(exitCode).toBe(130);
	});
});
