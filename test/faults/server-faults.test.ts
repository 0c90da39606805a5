import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {ServerFaults} from '../../source/faults/server-faults.js';
import {RawConnection} from '../support/raw-connection.js';
import {until} from '../support/until.js';

describe('faults of the server', () => {
	let server: PrivateRedis;
	let faults: ServerFaults;
	let events: string[] = [];

	const ask = async (...command: [string, ...string[]]): Promise<unknown> => {
		const client = new Redis(server.url, {
			lazyConnect: true,
			commandTimeout: 300,
			connectTimeout: 300,
			retryStrategy: () => null,
		});
		client.on('error', () => {});
		try {
			await client.connect();
			return await client.call(...command);
		} catch (error) {
			return (error as Error).message;
		} finally {
			client.disconnect();
		}
	};

	beforeAll(async () => {
		server = await startPrivateRedis();
		faults = new ServerFaults({server, onEvent: ({type, fault}) => events.push(`${type} ${fault.fault.kind}`)});
	});

	afterEach(async () => {
		await faults.heal();
		events = [];
	});

	afterAll(async () => {
		faults.close();
		await server.close();
	});

	it('kill the process, and restart it without its data when they are lifted', async () => {
		await ask('SET', 'key', 'value');
		const fault = await faults.add({kind: 'kill'});
		expect(await ask('PING')).toMatch(/closed|refused/i);
		expect(faults.active()).toEqual([fault]);
		await faults.lift(fault.id);
		expect(await ask('GET', 'key')).toBeNull();
		expect(events).toEqual(['added kill', 'lifted kill']);
	});

	it('pause the process: it accepts connections, and replies only when the fault is lifted', async () => {
		await ask('SET', 'key', 'value');
		await faults.add({kind: 'pause'}, {forMs: 300});
		const waiting = new RawConnection(server.port);
		waiting.send(`AUTH ${new URL(server.url).password}\r\nGET key\r\n`);
		await until(() => !waiting.socket.connecting, 'it to be connected');
		expect(faults.active()).toHaveLength(1);
		expect(waiting.text()).toBe('');
		await until(() => faults.active().length === 0, 'it to lift by itself');
		await until(() => waiting.text() === '+OK\r\n$5\r\nvalue\r\n', 'the late answer');
		waiting.socket.destroy();
	});

	it('restart the process without its data, and are over when it answers', async () => {
		await ask('SET', 'key', 'value');
		const before = server.pid;
		await faults.add({kind: 'restart'});
		await until(() => faults.active().length === 0, 'the restart to be over');
		expect(server.pid).not.toBe(before);
		expect(await ask('GET', 'key')).toBeNull();
	});

	it('lower the memory limit so that writes are refused, keep the data, and restore the limit', async () => {
		await ask('SET', 'key', 'value');
		await ask('CONFIG', 'SET', 'maxmemory', '123456789', 'maxmemory-policy', 'allkeys-lru');
		const fault = await faults.add({kind: 'memory-full'});
		expect(await ask('SET', 'other', 'value')).toMatch(/^OOM/);
		expect(await ask('GET', 'key')).toBe('value');
		await faults.lift(fault.id);
		expect(await ask('SET', 'other', 'value')).toBe('OK');
		expect(await ask('CONFIG', 'GET', 'maxmemory')).toEqual(expect.arrayContaining(['123456789']));
		expect(await ask('CONFIG', 'GET', 'maxmemory-policy')).toEqual(expect.arrayContaining(['allkeys-lru']));
	});

	it('restore the memory limit of a paused server when it is resumed', async () => {
		await ask('CONFIG', 'SET', 'maxmemory', '123456789');
		const full = await faults.add({kind: 'memory-full'});
		await faults.add({kind: 'pause'});
		await faults.lift(full.id);
		await faults.heal();
		expect(await ask('CONFIG', 'GET', 'maxmemory')).toEqual(expect.arrayContaining(['123456789']));
	});

	it('are refused if they would pause a process that is not running', async () => {
		await server.kill();
		await expect(faults.add({kind: 'pause'})).rejects.toThrow(/^pause failed on .*: it is not running$/);
		expect(faults.active()).toEqual([]);
		await server.restart();
	});

	it('are refused if another one has stopped the process already', async () => {
		await faults.add({kind: 'pause'});
		await expect(faults.add({kind: 'kill'})).rejects.toThrow(
			'kill is not possible while pause is active; heal that first',
		);
		await faults.heal();
		await faults.add({kind: 'memory-full'});
		await faults.add({kind: 'kill'});
		await faults.heal();
		expect(await ask('SET', 'key', 'value')).toBe('OK');
	});

	it('are all lifted, even if lifting one of them fails', async () => {
		const broken: PrivateRedis = {
			kind: server.kind,
			name: server.name,
			version: server.version,
			host: server.host,
			port: server.port,
			url: server.url,
			pid: server.pid,
			kill: () => server.kill(),
			restart: () => Promise.reject(new Error('no room')),
			pause: () => server.pause(),
			resume: () => server.resume(),
			setClock: (offsetMs) => server.setClock(offsetMs),
			onExit: (listener) => server.onExit(listener),
			close: () => server.close(),
		};
		const told: string[] = [];
		const some = new ServerFaults({
			server: broken,
			onEvent: ({type, fault}) => told.push(`${type} ${fault.fault.kind}`),
		});
		await some.add({kind: 'memory-full'});
		await some.add({kind: 'kill'});
		await expect(some.heal()).rejects.toThrow('no room');
		expect(some.active()).toEqual([]);
		expect(told).toEqual(['added memory-full', 'added kill', 'lifted kill', 'lifted memory-full']);
		some.close();
		await server.restart();
	});

	it('are all refused on a server that this program did not start', async () => {
		const none = new ServerFaults({server: undefined});
		await expect(none.add({kind: 'kill'})).rejects.toMatchObject({
			code: 'ERR_FAULT_REFUSED',
			message:
				'kill is available only on a server that this program started, and this one was given by its URL; use a fault of the connection, which works on any server',
		});
		expect(none.active()).toEqual([]);
	});
});
