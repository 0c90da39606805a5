import {execFile} from 'node:child_process';
import {existsSync, statSync, writeFileSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {LiveProcess} from '../../../source/cache/live/live-process.js';
import {type CacheState, maxRequestBytes} from '../../../source/cache/live/messages.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {LiveConnection} from '../../../source/engine/attached/live-connection.js';
import {runtimeFolder} from '../../support/runtime-folder.js';
import {until} from '../../support/until.js';
import {filledCache} from '../../support/watched-cache.js';

const folder = runtimeFolder();
const cleanups: (() => unknown)[] = [];
let cache: RedisCache;

beforeAll(() => {
	// Nobody listens there: the cache works without Redis, and its states are those of an outage.
	cache = new RedisCache({url: 'redis://127.0.0.1:1', inspect: false});
	return () => cache.close();
});

afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: {readonly stalledMs?: number} = {}): Promise<LiveProcess> {
	const live = await LiveProcess.start(options);
	cleanups.push(() => live.close());
	return live;
}

/** A viewer, and what it has received. */
async function attach(live: LiveProcess, id = 1) {
	const connection = await connectionTo(live.path);
	const states: CacheState[] = [];
	const ends: string[] = [];
	connection.watch(
		id,
		(state) => states.push(state),
		(reason) => ends.push(reason),
	);
	return {connection, states, ends};
}

async function connectionTo(path: string): Promise<LiveConnection> {
	const connection = await LiveConnection.open(path);
	cleanups.push(() => connection.close());
	return connection;
}

/** A connection that speaks for itself. */
async function rawConnection(live: LiveProcess): Promise<{readonly socket: Socket; readonly text: () => string}> {
	const socket = connect(live.path);
	cleanups.push(() => socket.destroy());
	let text = '';
	socket.on('error', () => {});
	socket.on('data', (chunk: Buffer) => {
		text += chunk.toString();
	});
	await until(() => text.includes('\n'), 'hello');
	return {socket, text: () => text};
}

const closed = (socket: Socket) => until(() => socket.destroyed || socket.closed, 'the connection is closed');

describe('the socket', () => {
	it('is for this user alone, and goes when it is closed', async () => {
		const live = await start();
		expect(live.path.startsWith(folder.sockets)).toBe(true);
		expect(statSync(folder.sockets).mode & 0o777).toBe(0o700);
		expect(statSync(live.path).mode & 0o777).toBe(0o600);
		live.close();
		await until(() => !existsSync(live.path), 'the socket is removed');
	});

	it('keeps no process alive, and goes with one that has not closed it', async () => {
		const module = new URL('../../../dist/cache/live/live-process.js', import.meta.url);
		const code = `import(${JSON.stringify(module.href)}).then(async ({LiveProcess}) => console.log((await LiveProcess.start()).path))`;
		const {stdout} = await promisify(execFile)(process.execPath, ['-e', code], {timeout: 20_000});
		const path = stdout.trim();
		expect(path.startsWith(folder.sockets)).toBe(true);
		expect(existsSync(path)).toBe(false);
	});

	it('of a worker of a cluster is its own: it answers while the primary is busy', async () => {
		const module = new URL('../../../dist/cache/live/live-process.js', import.meta.url);
		const code = `const cluster = require('node:cluster');
			if (cluster.isPrimary) cluster.fork().on('message', (path) => {
				console.log(path);
				// Until the test ends it.
				Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
			});
			else import(${JSON.stringify(module.href)}).then(async ({LiveProcess}) => process.send((await LiveProcess.start()).path));`;
		const program = join(folder.path, 'cluster.cjs');
		writeFileSync(program, code);
		const child = execFile(process.execPath, [program]);
		cleanups.push(() => child.kill('SIGKILL'));
		let path = '';
		child.stdout?.on('data', (text: string) => {
			path += text;
		});
		await until(() => path.endsWith('\n'), 'the worker listens');
		const {hello} = await connectionTo(path.trim());
		expect(hello.process.pid).not.toBe(child.pid);
	});

	it('has another number for each one of a process', async () => {
		const [first, second] = [await start(), await start()];
		expect(second.path).not.toBe(first.path);
	});
});

describe('states', () => {
	it('are not made while nobody watches, and again not once everybody has gone', async () => {
		const live = await start();
		live.add(filledCache(cache));
		await connectionTo(live.path);
		expect(live.viewers).toBe(1);
		expect(live.states).toBe(0);
		const {connection, states} = await attach(live);
		await until(() => states.length >= 2, 'two states');
		connection.close();
		await until(() => live.viewers === 1, 'one viewer is left');
		const made = live.states;
		// Longer than the time between two states.
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect(live.states).toBe(made);
	});

	it('are made once for all viewers of a cache', async () => {
		const live = await start();
		const remove = live.add(filledCache(cache));
		live.add(filledCache(cache));
		const [one, two] = [await attach(live), await attach(live)];
		await until(() => one.states.length >= 3 && two.states.length >= 2, 'both get states');
		// The first of each viewer is made for it alone.
		expect(live.states).toBeLessThanOrEqual(Math.max(one.states.length, two.states.length) + 2);
		remove();
		await until(() => one.ends.length === 1 && two.ends.length === 1, 'both are told');
		expect(one.ends).toEqual(['the cache was closed']);
	});

	it('are dropped for a viewer that does not read, and others go on; it is let go after a while', async () => {
		const live = await start({stalledMs: 600});
		const big = filledCache(cache, 4_000_000);
		live.add(big);
		const hung = await rawConnection(live);
		hung.socket.pause();
		hung.socket.write('{"type":"watch","cache":1}\n');
		await until(() => big.listeners() === 1, 'it watches');
		const {states} = await attach(live);
		await until(() => live.viewers === 1, 'the one that does not read is gone');
		expect(big.listeners()).toBe(1);
		const before = states.length;
		await until(() => states.length > before, 'the other one still gets states');
		hung.socket.resume();
		await closed(hung.socket);
		// One state went out before it stopped reading, and no other was kept for it.
		expect(hung.text().length).toBeLessThan(2 * 4_000_000);
	});

	it('have what happened in between, up to a limit', async () => {
		const live = await start();
		const watched = filledCache(cache);
		live.add(watched);
		const {states} = await attach(live);
		await until(() => states.length >= 1, 'the first state');
		for (let count = 0; count < 150; count++) watched.tell({event: 'clockStep', payload: {ms: count}});
		await until(() => states.some(({lostNotices}) => lostNotices > 0), 'notices were dropped');
		const full = states.find(({lostNotices}) => lostNotices > 0);
		expect(full?.notices).toHaveLength(100);
		expect(full?.lostNotices).toBe(50);
	});
});

describe('a viewer', () => {
	it.each([
		['what is no JSON', 'GET / HTTP/1.1\r\n\r\n', /could not be read/],
		['an unknown request', '{"type":"dance"}\n', /could not be read/],
		['a call that does not exist', '{"type":"call","id":1,"call":{"name":"eval"}}\n', /could not be read/],
		['a cache that is not there', '{"type":"watch","cache":99}\n', /there is no such cache/],
		['a line without an end', `"${'x'.repeat(maxRequestBytes + 1)}`, /too long/],
	])('that sends %s is told so, and let go', async (_, text, reason) => {
		const live = await start();
		live.add(filledCache(cache));
		const {socket, text: received} = await rawConnection(live);
		socket.write(text);
		await closed(socket);
		expect(JSON.parse(received().trim().split('\n').at(-1) ?? '')).toEqual({
			type: 'end',
			reason: expect.stringMatching(reason),
		});
		await until(() => live.viewers === 0, 'it is forgotten');
	});

	it('beyond the limit is refused', async () => {
		const live = await start();
		live.add(filledCache(cache));
		for (let count = 0; count < 16; count++) await attach(live);
		await expect(LiveConnection.open(live.path)).rejects.toThrow('16 viewers already');
	});

	it('that calls is refused where commands were not allowed', async () => {
		const live = await start();
		live.add(filledCache(cache));
		const {connection} = await attach(live);
		await expect(connection.call({name: 'clear'})).rejects.toMatchObject({
			code: 'ERR_READ_ONLY',
			message: 'the process accepts no commands: give its cache the option inspect: {commands: true} to use clear',
		});
	});
});
