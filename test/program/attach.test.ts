import {createServer} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openSocketFolder} from '../../source/cache/live/socket-folder.js';
import {main} from '../../source/cli/main.js';
import {chooseMode} from '../../source/cli/modes/choose-mode.js';
import type {Output} from '../../source/cli/output.js';
import {parseArguments} from '../../source/cli/settings/parse-arguments.js';
import {resolveSettings} from '../../source/cli/settings/resolve-settings.js';
import {chooseLiveCache, listLiveCaches} from '../../source/engine/attached/live-processes.js';
import {type LiveApp, openLiveApp} from '../support/open-live-app.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {runtimeFolder} from '../support/runtime-folder.js';
import {until} from '../support/until.js';

const folder = runtimeFolder();

/** Runs the command in this process: its start would take longer than all that it does. */
async function attach(...args: readonly string[]) {
	let stdout = '';
	let stderr = '';
	const write = (text: string) => {
		stdout += text;
	};
	const output: Output = {
		glyphs: 'unicode',
		out: write,
		data: write,
		err(text) {
			stderr += text;
		},
		drained: () => Promise.resolve(),
		written: () => Promise.resolve(),
		broken: new AbortController().signal,
		failed: false,
	};
	const exitCode = await main(['attach', ...args], output);
	return {exitCode, stdout, stderr};
}

let redis: RedisProcess;

beforeAll(async () => {
	redis = await startRedisProcess({args: ['--requirepass', 'hunter2']});
});
afterAll(() => redis.kill());

describe('without an application', () => {
	it('says how to switch it on, lists nothing, and finds nobody', async () => {
		const [text, json, nobody] = await Promise.all([attach(), attach('--json'), attach('shop')]);
		expect(text.stdout).toContain('REDIS_CACHE_TUI_INSPECT=1');
		expect(text.exitCode).toBe(0);
		expect([json.exitCode, JSON.parse(json.stdout)]).toEqual([0, []]);
		expect(nobody.stderr).toBe(
			'redis-cache-tui: there is no live process "shop": no process can be watched; `redis-cache-tui attach` tells how to allow it\n',
		);
		expect(nobody.exitCode).toBe(3);
	});

	it('names a process that cannot be watched, in either form, and does not say that nothing is switched on', async () => {
		const path = join(await openSocketFolder(), '4194305-0.sock');
		const server = createServer((socket) => socket.end('no JSON\n'));
		await new Promise<void>((resolve) => server.listen(path, resolve));
		try {
			const [text, json] = await Promise.all([attach(), attach('--json')]);
			const words = 'redis-cache-tui: process 4194305 cannot be watched: another program answers on its socket\n';
			expect([text, json]).toEqual([
				{exitCode: 0, stdout: '', stderr: words},
				{exitCode: 0, stdout: '[]\n', stderr: words},
			]);
		} finally {
			server.close();
		}
	});

	it.each([
		[['shop', 'other'], 'attach takes one name or process id: see redis-cache-tui attach'],
		[['--once'], '--once needs a process: write redis-cache-tui attach <name> --once'],
		[['--for', '1s'], '--for needs a process: write redis-cache-tui attach <name> --for'],
		[['shop', '--url', 'redis://x'], '--url is not for attach, which uses the Redis of the process: leave it out'],
		[['shop', '--probe', 'http://x'], '--probe is not for attach, which uses the Redis of the process: leave it out'],
		[['shop', '--report', 'html'], 'attach and --report html contradict each other: give text or json'],
	])('refuses %j', (args, message) => {
		const {words, flags} = parseArguments(['attach', ...args]);
		const file = {path: '/nonexistent', values: {}, connections: [], where: () => ''};
		expect(() => chooseMode(words, flags, resolveSettings(flags, file), false)).toThrow(message);
	});
});

describe('an application', () => {
	let app: LiveApp;
	let url: string;

	beforeAll(async () => {
		url = redis.url.replace('redis://', 'redis://default:hunter2@');
		app = await openLiveApp(url, [{name: 'shop-api'}, {name: 'shop-mail', commands: true}], folder.env);
		await until(async () => (await listLiveCaches()).caches.length === 2, 'both caches can be watched');
	});
	afterAll(() => app.kill());

	it('is listed, each cache with the name that it has', async () => {
		const [{stdout, exitCode}, text] = await Promise.all([attach('--json'), attach()]);
		const {version} = (await import('../../package.json', {with: {type: 'json'}})).default;
		const common = {
			pid: app.pid,
			version,
			node: process.versions.node,
			mode: 'connected',
			startedAt: expect.any(Number),
		};
		const [, place] = url.split('@');
		expect(JSON.parse(stdout)).toEqual([
			{
				...common,
				id: `${app.pid}:1`,
				name: 'shop-api',
				namespace: 'shop0',
				commands: false,
				url: `redis://***@${place}`,
			},
			{
				...common,
				id: `${app.pid}:2`,
				name: 'shop-mail',
				namespace: 'shop1',
				commands: true,
				url: `redis://***@${place}`,
			},
		]);
		expect(exitCode).toBe(0);
		expect(text.stdout).toMatch(/^NAME +PID +VERSION +MODE +UP +NAMESPACE +REDIS\nshop-api +\d+:1 /);
		expect(text.stdout + stdout).not.toContain('hunter2');
	});

	it('is shown once, with its slowest loads, and without values', async () => {
		await until(
			async () => (await attach('shop-api', '--once')).stdout.includes('user:slow'),
			'the slow load has ended',
			{everyMs: 100},
		);
		const [json, text] = await Promise.all([attach(`${app.pid}:1`, '--once', '--json'), attach('shop-api', '--once')]);
		const snapshot = JSON.parse(json.stdout);
		expect(snapshot).toMatchObject({
			source: 'process',
			readOnly: true,
			attached: {name: 'shop-api', pid: app.pid, state: 'live', commands: false},
			cache: {mode: {mode: 'connected'}},
		});
		expect(snapshot.attached.loads.slowest[0]).toMatchObject({key: 'user:slow', outcome: 'loaded'});
		expect(snapshot.attached.loads).toMatchObject({limit: 2});
		expect(snapshot.cache.counters.loads).toBeGreaterThan(0);
		expect(text.stdout).toMatch(
			/slowest loads of the last ten minutes\n +((2[89]|[3-9]\d)\d ms|\d[\d.]* s) {2}user:slow\n/,
		);
		for (const output of [json.stdout, text.stdout])
			for (const secret of ['secret-of-the-shop', 'hunter2']) expect(output).not.toContain(secret);
	});

	it('shares its name with others, which are told apart by their processes and threads', async () => {
		const other = await openLiveApp(url, [{name: 'shop-api'}, 'worker'], folder.env);
		try {
			await until(
				async () => (await listLiveCaches()).caches.length === 4,
				'all are listed, that of the thread as well',
			);
			const live = await listLiveCaches();
			const ids = live.caches.filter(({cache}) => cache.name === 'shop-api').map(({id}) => id);
			expect(ids.toSorted()).toEqual([`${app.pid}:1`, `${other.pid}:1`, `${other.pid}:2`].toSorted());
			expect(() => chooseLiveCache('shop-api', live)).toThrow(
				expect.objectContaining({
					message: `several are called shop-api: give one of ${ids.map((id) => `${id} (shop0)`).join(', ')}`,
					exitCode: 2,
				}),
			);
			expect(chooseLiveCache('shop-mail', live).id).toBe(`${app.pid}:2`);
			expect(() => chooseLiveCache(String(app.pid), live)).toThrow(`several are called ${app.pid}: give one of`);
			// A thread has a socket of its own, and closes with its process.
			expect(await other.ask('close')).toBe('closed');
			expect(await other.exited).toBe(0);
		} finally {
			await other.kill();
		}
	});
});
