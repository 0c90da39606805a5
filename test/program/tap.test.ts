import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {type AddressInfo, connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import type {TapSnapshot} from '../../source/tap/snapshot.js';
import {runProgram, startProgram} from '../support/program.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

const anyPort = '127.0.0.1:0';

let redis: RedisProcess;

beforeAll(async () => {
	redis = await startRedisProcess({args: ['--requirepass', 's3cret'], connectOnly: true});
});

afterAll(() => redis?.close());

/** Starts the tap, and resolves with the address that it says. */
async function startTap(...args: readonly string[]) {
	const program = startProgram(['tap', '--listen', anyPort, ...args]);
	await until(() => program.stderr().includes('instead of'), 'the tap to listen');
	const [, port = ''] = /redis:\/\/[\d.]+:(\d+) instead of/.exec(program.stderr()) ?? [];
	return {...program, port: Number(port)};
}

/** Traffic of an application: a miss, a fill, and a hit. */
async function useCache(port: number, password?: string): Promise<void> {
	const application = new Redis({port, connectionName: 'web', ...(password === undefined ? {} : {password})});
	await application.get('user:1');
	await application.set('user:1', 'a value', 'EX', 60);
	await application.get('user:1');
	await application.set('forever:1', 'x');
	await application.hget('forever:1', 'field').catch(() => undefined);
	await application.quit();
}

describe('redis-cache-tui tap', () => {
	it('reports as JSON what an application did, without values and secrets', async () => {
		const url = `redis://:s3cret@127.0.0.1:${redis.port}`;
		const tap = await startTap('--url', url, '--json');
		await useCache(tap.port, 's3cret');
		await until(() => /\d\/s .* 0 connections, 0 busy/.test(tap.stderr()), 'a line about it');
		tap.child.kill('SIGINT');
		const {stdout, stderr, exitCode} = await tap.finished;
		expect(exitCode).toBe(130);
		expect(stdout + stderr).not.toMatch(/s3cret|a value/);
		const report: TapSnapshot = JSON.parse(stdout);
		expect(report).toMatchObject({
			target: `redis://***@127.0.0.1:${redis.port}`,
			listen: `127.0.0.1:${tap.port}`,
			connections: {open: 0, opened: 1, peak: 1},
			commands: {
				byName: expect.arrayContaining([expect.objectContaining({name: 'GET', count: 2, errors: 0})]),
			},
			errors: {WRONGTYPE: 1},
			reads: {hits: 1, misses: 1, hitRatio: 0.5},
			writes: {total: 2, withoutTtl: 1},
			patterns: expect.arrayContaining([
				{pattern: 'user:*', reads: 2, hits: 1, misses: 1, writes: 1, deletes: 0, hitRatio: 0.5},
			]),
			hotKeys: [{key: 'user:1', reads: 2, share: 1}],
			findings: [],
		});
		for (const field of ['seconds', 'latencyMs', 'bytes', 'bigValues']) expect(report).toHaveProperty(field);
	});

	it('works on a private Redis without --url, ends by itself, hides keys in a file, and says what another address means', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		onTestFinished(() => rmSync(folder, {recursive: true}));
		const path = join(folder, 'tap.html');
		const program = startProgram(['tap', '--listen', '0.0.0.0:0', '--for', '4s', '--hide-keys', '--output', path]);
		await until(() => program.stderr().includes('instead of'), 'the tap to listen');
		const [, port = ''] = /redis:\/\/127\.0\.0\.1:(\d+) instead of/.exec(program.stderr()) ?? [];
		await useCache(Number(port));
		const withTls = connect(Number(port), '127.0.0.1').on('error', () => undefined);
		onTestFinished(() => void withTls.destroy());
		withTls.write(Buffer.from([22, 3, 1, 0, 5]));
		const {stdout, stderr, exitCode} = await program.finished;
		expect(exitCode).toBe(0);
		expect(stderr.match(/other machines can connect to 0\.0\.0\.0:\d+ by the name or an address of/g)).toHaveLength(1);
		expect(stderr).toMatch(
			/^redis-cache-tui: the application uses TLS, which the tap cannot read: connect it without TLS to redis:\/\/127\.0\.0\.1:\d+\n/m,
		);
		expect(stdout).toBe('');
		expect(stderr).toContain(`the report is in ${path}\n`);
		const page = readFileSync(path, 'utf8');
		expect(page).toMatch(/^<!doctype html>[\s\S]* on 0\.0\.0\.0:\d+, Redis at redis:[\s\S]*<h2>Time lines<\/h2>/);
		expect(page).toMatch(/#[\da-f]{8}:\*/);
		expect(page + stderr).not.toContain('user:');
	});

	it('prints one snapshot as soon as an application has sent something', async () => {
		const url = `redis://:s3cret@127.0.0.1:${redis.port}`;
		const program = startProgram(['tap', '--url', url, '--listen', anyPort, '--once', '--json']);
		await until(() => program.stderr().includes('connect your application'), 'the tap to listen');
		const [, port = ''] = /redis:\/\/[\d.]+:(\d+)\n/.exec(program.stderr()) ?? [];
		const application = new Redis({port: Number(port), password: 's3cret'});
		application.on('error', () => {});
		onTestFinished(() => application.disconnect());
		void application.get('nobody').catch(() => {});
		const {stdout, exitCode} = await program.finished;
		expect(exitCode).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({
			source: 'application',
			application: {
				listen: `127.0.0.1:${port}`,
				connections: {opened: 1},
				live: {lastSecond: {commands: expect.any(Number)}},
			},
		});
		expect(stdout).not.toMatch(/s3cret/);
	});

	it('says in one line why it cannot listen', async () => {
		const taken = createServer().listen(0, '127.0.0.1');
		await once(taken, 'listening');
		onTestFinished(() => void taken.close());
		const {port} = taken.address() as AddressInfo;
		const url = `redis://:s3cret@127.0.0.1:${redis.port}`;
		const cases: readonly [string, RegExp][] = [
			[`127.0.0.1:${port}`, /another program listens on 127\.0\.0\.1:\d+: stop it, or choose another port/],
			['192.0.2.1:6380', /this machine has no such address/],
		];
		for (const [listen, message] of cases) {
			const {exitCode, stdout, stderr} = await runProgram(['tap', '--url', url, '--listen', listen]);
			expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
			expect(stderr).toMatch(/^redis-cache-tui: [^\n]+\n$/);
			expect(stderr).toMatch(message);
		}
	});

	it('refuses to be the application of another tap, also behind a proxy, and leaves that one as it was', async () => {
		const tap = await startTap('--url', `redis://:s3cret@127.0.0.1:${redis.port}`, '--json');
		const proxy = await startFaultProxy({target: {host: '127.0.0.1', port: tap.port}});
		onTestFinished(() => proxy.close());
		for (const {port} of [tap, proxy]) {
			const url = `redis://:s3cret@127.0.0.1:${port}`;
			const {exitCode, stdout, stderr} = await runProgram(['tap', '--url', url, '--listen', anyPort]);
			expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
			expect(stderr).toBe(
				`redis-cache-tui: redis://***@127.0.0.1:${port} is another tap, which would count this tap as its application: give the URL of the Redis behind it\n`,
			);
		}
		await useCache(tap.port, 's3cret');
		tap.child.kill('SIGINT');
		expect(JSON.parse((await tap.finished).stdout)).toMatchObject({
			connections: {unreadable: 0},
			commands: {byName: expect.arrayContaining([expect.objectContaining({name: 'GET', count: 2})])},
		});
	});
});
