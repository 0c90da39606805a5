import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {describe, expect, it, onTestFinished} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {EngineClient, EngineMessage, EngineOptions} from '../../source/engine/protocol.js';
import {startEngine as startAnyEngine} from '../../source/engine/start-engine.js';
import {itReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

const options: EngineOptions = {
	embedded: false,
	readOnly: false,
	namespace: 'test',
	workload: {running: true, rate: 500, keys: 100},
	hz: 20,
};

/** Closed after the test, also after one that has failed: an engine that is left makes traffic while later files run. */
async function startEngine(engineOptions: EngineOptions): Promise<EngineClient> {
	const engine = await startAnyEngine(engineOptions);
	onTestFinished(() => engine.close());
	return engine;
}

const isAlive = (pid: number) => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

/** Sets a value until it is stored in Redis: on a busy machine the cache may be in fallback for a moment. */
const setInRedis = (engine: EngineClient): Promise<void> =>
	until(async () => {
		const reply = await engine.run({name: 'set', args: ['a', '1']});
		return reply.ok && reply.lines[0]?.startsWith('set in Redis') === true;
	}, 'a value that was set is in Redis');

describe('the engine in its worker thread', () => {
	it('sends snapshots, answers commands, and leaves no process behind when it is closed', async () => {
		const engine = await startEngine(options);
		const seen: number[] = [];
		const unsubscribe = engine.subscribe(({seq}) => seen.push(seq));
		await until(
			() => seen.length >= 3 && (engine.latest()?.workload.calls ?? 0) > 20,
			'three snapshots and some calls',
		);
		expect(seen).toEqual([...seen].sort((left, right) => left - right));
		expect(engine.latest()).toBe(engine.latest());
		await setInRedis(engine);
		expect(await engine.complete('drill', 0, 'sto')).toEqual(['stop']);
		unsubscribe();
		const pid = engine.latest()?.target.pid ?? 0;
		expect(isAlive(pid)).toBe(true);
		const closing = engine.close();
		expect(engine.close()).toBe(closing);
		await closing;
		expect(isAlive(pid)).toBe(false);
		expect(await engine.run({name: 'get', args: ['a']})).toEqual({
			ok: false,
			code: 'ERR_CLOSED',
			message: 'the engine is closed',
		});
	});

	it('keeps the events of snapshots that arrive before anybody listens', async () => {
		const engine = await startEngine({...options, embedded: true, workload: {running: false, rate: 1, keys: 1}});
		const first = engine.latest()?.seq ?? 0;
		await until(() => (engine.latest()?.seq ?? 0) >= first + 3, 'three more snapshots');
		const texts = engine.latest()?.events.map(({text}) => text) ?? [];
		expect(texts.filter((text) => text.startsWith('working on'))).toHaveLength(1);
	});

	it('sends no snapshots while it is paused', async () => {
		const engine = await startEngine({...options, hz: 0});
		const first = engine.latest();
		await engine.run({name: 'has', args: ['a']});
		expect(engine.latest()).toBe(first);
		engine.setRate(20);
		await until(() => engine.latest() !== first, 'a new snapshot');
	});

	it('logs an outage as one line with its duration', async () => {
		const engine = await startEngine({...options, workload: {running: true, rate: 1000, keys: 100}});
		const events = new Map<number, string>();
		engine.subscribe((snapshot) => {
			for (const {id, topic, text} of snapshot.events) events.set(id, `${topic}: ${text}`);
		});
		await until(() => engine.latest()?.cache.mode.mode === 'connected', 'it is connected');
		await engine.run({name: 'outage', args: ['blackhole', 'for', '700ms']});
		const find = (pattern: RegExp) => [...events.values()].filter((line) => pattern.test(line));
		await until(() => find(/^mode: without Redis for/).length > 0, 'the outage is over');
		expect(find(/^fault: outage: blackhole, lifted after ([7-9]\d\d(\.\d+)? ms|\d+(\.\d+)? s)$/)).toHaveLength(1);
		// On a busy machine there may be another outage, and a late first connection.
		expect(find(/^mode: (?!without Redis for|connected only)/)).toEqual([]);
		expect(events.size).toBeLessThan(20);
	});

	it('fails to start with exit code 3 where nothing listens, and hides the credentials', async () => {
		await expect(startEngine({...options, url: 'redis://user:secret@127.0.0.1:1'})).rejects.toMatchObject({
			exitCode: 3,
			message: expect.stringMatching(/^cannot reach redis:\/\/\*\*\*@127\.0\.0\.1:1: connection refused/),
		});
	});

	it('fails to start where something listens but does not answer within two seconds', async () => {
		const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
		onTestFinished(() => void mute.close());
		await until(() => mute.listening, 'it listens');
		const address = mute.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		await expect(startEngine({...options, url: `redis://127.0.0.1:${port}`})).rejects.toMatchObject({
			exitCode: 3,
			message: expect.stringContaining(
				'does not answer as Redis does within 2 s: a long command blocks it, it is far away (give a longer --deadline), or it is not a Redis',
			),
		});
	});

	itReal('fails to start with exit code 3 when the password is wrong, and hides it', async () => {
		const server = await startPrivateRedis({prefer: 'binary', password: 'right'});
		onTestFinished(() => server.close());
		const start = startEngine({...options, url: `redis://:wrong@127.0.0.1:${server.port}`});
		const error = await start.then(
			() => undefined,
			(reason: unknown) => reason as Error,
		);
		expect(error).toMatchObject({exitCode: 3});
		expect(error?.message).toMatch(/refused the (?:password of the default user|user name and password of the URL)/);
		expect(error?.message).not.toContain('wrong');
	});

	it('ends its private server when its thread is terminated', async () => {
		const worker = new Worker(new URL('../../dist/program/engine-worker.js', import.meta.url), {workerData: options});
		onTestFinished(async () => void (await worker.terminate()));
		const pid = await new Promise<number>((resolve, reject) => {
			worker.on('error', reject);
			worker.on('message', (message: EngineMessage) => {
				if (message.type === 'snapshot' && message.snapshot.target.pid) resolve(message.snapshot.target.pid);
			});
		});
		expect(isAlive(pid)).toBe(true);
		await worker.terminate();
		await until(() => !isAlive(pid), 'the server is gone');
	});

	itReal('works on a unix socket with an @ in its path', async () => {
		const directory = await mkdtemp(join(tmpdir(), 'rct-test-'));
		onTestFinished(() => rm(directory, {recursive: true}));
		const path = join(directory, 'name@host.sock');
		const server = await startPrivateRedis({prefer: 'binary', password: '', args: ['--unixsocket', path]});
		onTestFinished(() => server.close());
		const engine = await startEngine({...options, url: `unix://${path}`, consented: ['values']});
		await setInRedis(engine);
	});

	it('connects to another Redis and back, and stays where it is when that fails', async () => {
		const other = await startPrivateRedis({password: ''});
		onTestFinished(() => other.close());
		const engine = await startEngine(options);
		const {pid = 0, kind} = engine.latest()?.target ?? {};
		const refused = await engine.run({name: 'connect', args: ['redis://127.0.0.1:1']});
		expect(refused).toMatchObject({ok: false, message: expect.stringContaining('connection refused')});
		expect(isAlive(pid)).toBe(true);
		await engine.run({name: 'drill', args: ['default']});
		const url = `redis://127.0.0.1:${other.port}`;
		expect(await engine.run({name: 'connect', args: [url]})).toMatchObject({
			ok: false,
			message: 'a drill is running: end it first with `drill stop`',
		});
		await engine.run({name: 'drill', args: ['stop']});
		await until(() => engine.latest()?.drill?.state === 'interrupted', 'the drill to end');
		await engine.run({name: 'outage', args: ['latency', '1ms']});
		await until(async () => (await engine.run({name: 'connect', args: [url]})).ok, 'to go over');
		await until(() => engine.latest()?.target.kind === 'external', 'the other Redis is shown');
		expect(engine.latest()?.workload.running).toBe(false);
		expect(isAlive(pid)).toBe(false);
		await engine.run({name: 'connect', args: ['private']});
		await until(() => engine.latest()?.target.kind === kind, 'a private Redis is shown');
	});
});
