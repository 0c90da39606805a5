import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {ClosedError, NotConnectedError} from '../../source/pool/errors.js';
import type {Pool} from '../../source/pool/types.js';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {bundleCode} from '../support/bundle-script.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let redis: RedisProcess;

beforeAll(async () => {
	redis = await startRedisProcess();
});

afterAll(() => redis.close());

/** Callers that send commands without a pause until they are stopped. */
const load = (pool: Pool, callers: number) => {
	let running = true;
	let calls = 0;
	const errors: unknown[] = [];
	const wrong: string[] = [];
	const run = async (caller: number): Promise<void> => {
		while (running) {
			const text = `${caller}:${calls++}`;
			try {
				const reply = String(await pool.laneOf(text).send('echo', [text]));
				if (reply !== text) wrong.push(text);
			} catch (error) {
				errors.push(error);
				await new Promise((resolve) => setImmediate(resolve));
			}
		}
	};
	const done = Promise.all(Array.from({length: callers}, (_, caller) => run(caller)));
	return {
		errors,
		wrong,
		get calls() {
			return calls;
		},
		stop: async () => {
			running = false;
			await done;
		},
	};
};

describe('resize', () => {
	it('adds and drains lanes under load without losing a call', async () => {
		const pool = createPool({url: redis.url, lanes: 2, deadlineMs: 2000});
		await pool.ready(30_000);
		const traffic = load(pool, 32);
		for (const lanes of [1, 6, 3, 4]) {
			const before = traffic.calls;
			await pool.resize(lanes);
			expect(pool.lanes).toHaveLength(lanes);
			await pool.ready(30_000);
			await until(() => traffic.calls > before + 200, 'traffic goes on');
		}
		await traffic.stop();
		expect(traffic.wrong).toEqual([]);
		// A new lane is not connected yet. No other error is allowed.
		for (const error of traffic.errors) expect(error).toBeInstanceOf(NotConnectedError);
		const clients = String(await pool.lanes[0]?.send('client', ['list', 'type', 'normal']));
		expect(clients.trim().split('\n')).toHaveLength(4);
		await pool.close();
	});

	it('waits at most the deadline for a lane that does not answer', async () => {
		const proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
		const pool = createPool({url: `redis://127.0.0.1:${proxy.port}`, lanes: 4, deadlineMs: 100, missedDeadlines: 1000});
		await pool.ready(30_000);
		proxy.add({kind: 'stall'});
		const calls = Promise.allSettled(pool.lanes.map((lane) => lane.send('ping', [], {deadlineMs: 60_000})));
		const begin = performance.now();
		await pool.resize(1);
		expect(performance.now() - begin).toBeLessThan(300);
		await pool.close();
		expect((await calls).map(({status}) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
		await proxy.close();
	});

	it('refuses a number of lanes that is not 1 to 64', async () => {
		const pool = createPool({url: redis.url});
		await expect(pool.resize(0)).rejects.toMatchObject({code: 'ERR_INVALID_ARGUMENT'});
		await expect(pool.resize(65)).rejects.toMatchObject({code: 'ERR_INVALID_ARGUMENT'});
		await pool.close();
		await expect(pool.resize(2)).rejects.toBeInstanceOf(ClosedError);
	});
});

describe('close', () => {
	it('waits for commands in flight, and refuses new ones', async () => {
		const pool = createPool({url: redis.url, lanes: 2});
		await pool.ready(30_000);
		const sent = Array.from({length: 100}, (_, index) => pool.laneOf(`${index}`).send('echo', [index]));
		const closed = pool.close();
		await expect(pool.laneOf('x').send('ping', [])).rejects.toBeInstanceOf(ClosedError);
		await expect(pool.ready(100)).rejects.toBeInstanceOf(ClosedError);
		expect((await Promise.all(sent)).map(String)).toEqual(Array.from({length: 100}, (_, index) => String(index)));
		await closed;
		expect(pool.close()).toBe(pool.close());
		expect(pool.snapshot().lanes.every(({state}) => state === 'closed')).toBe(true);
	});

	it('settles every command under load', async () => {
		const pool = createPool({url: redis.url, lanes: 4});
		await pool.ready(30_000);
		const traffic = load(pool, 64);
		await until(() => traffic.calls > 500, 'traffic flows');
		await pool.close();
		await traffic.stop();
		expect(traffic.wrong).toEqual([]);
		for (const error of traffic.errors) expect(error).toBeInstanceOf(ClosedError);
	});

	it('rejects callers that wait for a pool that never was ready', async () => {
		const pool = createPool({url: 'redis://127.0.0.1:1'});
		const waiting = pool.ready(60_000);
		const closed = pool.close();
		await expect(waiting).rejects.toBeInstanceOf(ClosedError);
		await closed;
	});

	it.each(['connected', 'refused', 'black-holed'])(
		'leaves nothing that keeps the process alive when %s',
		async (situation) => {
			const proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
			if (situation === 'black-holed') proxy.add({kind: 'blackhole'});
			const port = situation === 'refused' ? 1 : proxy.port;
			const program = `
			import {createPool} from '../../source/pool/create-pool.js';
			const pool = createPool({url: process.env.TEST_URL, checkouts: {min: 2}});
			pool.subscriber({onReady() {}, onLost() {}, onInvalidate() {}});
			await pool.ready(300).catch(() => {});
			const calls = pool.lanes.map((lane) => lane.send('ping', []).catch(() => {}));
			await pool.close();
			await Promise.all(calls);
			process.stdout.write('closed ' + Date.now());
			process.on('exit', () => process.stdout.write(' exit ' + Date.now()));
		`;
			const child = spawn(process.execPath, [await bundleCode(program, import.meta.url)], {
				env: {...process.env, TEST_URL: `redis://127.0.0.1:${port}`},
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			let output = '';
			child.stdout.on('data', (data: Buffer) => {
				output += data.toString();
			});
			const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
			const [code] = (await once(child, 'close')) as [number | null];
			clearTimeout(timer);
			const [, closed, exit] = /^closed (\d+) exit (\d+)$/.exec(output) ?? [];
			expect({code, output}).toMatchObject({code: 0, output: expect.stringMatching(/^closed \d+ exit \d+$/) as string});
			expect(Number(exit) - Number(closed)).toBeLessThan(500);
			await until(() => proxy.connections() === 0, 'the connections are closed');
			await proxy.close();
		},
	);
});
