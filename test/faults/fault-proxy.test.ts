import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {FaultProxy} from '../../source/faults/fault-proxy.js';
import {startFaultProxy} from '../../source/faults/fault-proxy.js';
import {until} from '../support/until.js';
import {client, type PeerServer, peerServer, type WireClient} from './wire.js';

describe('the fault proxy', () => {
	let server: PeerServer;
	let proxy: FaultProxy;
	let clients: WireClient[] = [];

	const open = (): WireClient => {
		const opened = client(proxy.port);
		clients.push(opened);
		return opened;
	};

	/** A client whose connection to the server stands. */
	const connected = async (): Promise<WireClient> => {
		const opened = open();
		await opened.ask('hello', 'hello');
		return opened;
	};

	beforeEach(async () => {
		server = await peerServer();
		proxy = await startFaultProxy({target: {host: '127.0.0.1', port: server.port}});
	});

	afterEach(async () => {
		for (const {socket} of clients) socket.destroy();
		clients = [];
		await proxy.close();
		await server.close();
	});

	it('passes bytes on in both directions, counts them, and passes on the end of either side', async () => {
		const first = await connected();
		expect(proxy.connections()).toBe(1);
		await first.ask('again', 'again');
		expect(proxy.bytes()).toEqual({up: 10, down: 10});
		first.socket.end();
		await until(() => first.ended() === 'end', 'the server to answer the end with its own');
		await until(() => proxy.connections() === 0 && server.sockets.size === 0, 'both connections to be gone');
		expect(proxy.bytes()).toEqual({up: 10, down: 10});
	});

	it('delivers many megabytes through a slow reader without loss, and holds the sender back', async () => {
		const slow = open();
		slow.socket.pause();
		const block = 'x'.repeat(1024 * 1024);
		for (let i = 0; i < 64; i++) slow.send(block);
		let before = -1;
		await until(
			() => {
				const {up} = proxy.bytes();
				const still = up === before;
				before = up;
				return still && up > 0;
			},
			'the flow to stop',
			{everyMs: 100},
		);
		expect(proxy.bytes().up).toBeLessThan(48 * 1024 * 1024);
		slow.socket.resume();
		await until(() => slow.text().length === 64 * 1024 * 1024, 'all of it', {timeoutMs: 20_000});
	});

	it('resets a client whose server cannot be reached', async () => {
		await server.close();
		const first = open();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
		server = await peerServer();
	});

	it('passes a reset of the server on as a reset', async () => {
		const first = await connected();
		for (const socket of server.sockets) socket.resetAndDestroy();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
	});

	describe('refuse', () => {
		it('cuts what is open, refuses what is new, and takes connections again on the same port when lifted', async () => {
			const existing = await connected();
			const fault = proxy.add({kind: 'refuse'});
			await until(() => existing.ended() !== undefined, 'the existing connection to be cut');
			const refused = open();
			await until(() => refused.ended() === 'ECONNREFUSED', 'ECONNREFUSED');
			const port = proxy.port;
			expect(proxy.lift(fault.id)).toBe(true);
			expect(proxy.port).toBe(port);
			await connected();
		});

		it('goes on trying when another process has taken the port meanwhile', async () => {
			const events: string[] = [];
			await proxy.close();
			proxy = await startFaultProxy({
				target: {host: '127.0.0.1', port: server.port},
				onEvent: ({type}) => events.push(type),
			});
			const fault = proxy.add({kind: 'refuse'});
			const thief = createServer();
			await new Promise<void>((resolve) => thief.listen(proxy.port, '127.0.0.1', resolve));
			proxy.lift(fault.id);
			await until(() => events.includes('port taken'), 'it to notice');
			await new Promise((resolve) => thief.close(resolve));
			await until(async () => {
				const attempt = open();
				await until(() => attempt.ended() !== undefined || !attempt.socket.connecting, 'connect or refuse');
				return attempt.ended() === undefined;
			}, 'the port to open again');
		});

		it('may be lifted and put back in one breath', async () => {
			for (let i = 0; i < 5; i++) {
				proxy.heal();
				proxy.add({kind: 'refuse'});
			}
			const refused = open();
			await until(() => refused.ended() === 'ECONNREFUSED', 'ECONNREFUSED');
			proxy.heal();
			await connected();
		});
	});

	describe('reset', () => {
		it('resets existing and new connections with RST', async () => {
			const existing = await connected();
			proxy.add({kind: 'reset'});
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			const fresh = open();
			await until(() => fresh.ended() === 'ECONNRESET', 'a reset of the new one');
			await until(() => server.sockets.size === 0, 'the server to see it');
			expect(server.connections()).toBe(1);
		});

		it('waits for its time, and until then passes everything', async () => {
			const existing = await connected();
			const startedAt = performance.now();
			proxy.add({kind: 'reset', afterMs: 150});
			await existing.ask('still here', 'still here');
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(performance.now() - startedAt).toBeGreaterThan(140);
			const saved = open();
			await saved.ask('short life', 'short life');
			proxy.heal();
			await turn();
			await saved.ask('saved', 'saved');
		});
	});

	describe('blackhole', () => {
		it('swallows what is sent on an existing connection, and resets it on lift instead of going on', async () => {
			const existing = await connected();
			const quiet = await connected();
			const fault = proxy.add({kind: 'blackhole'});
			existing.send('lost');
			await until(() => proxy.bytes().up === 14, 'the bytes to be swallowed');
			proxy.lift(fault.id);
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(server.received()).toBe('hellohello');
			// Nothing was lost here, so nothing has to break.
			await quiet.ask('fine', 'fine');
		});

		it('accepts new connections, never answers, and resets them on lift', async () => {
			proxy.add({kind: 'blackhole'});
			const fresh = open();
			await until(() => !fresh.socket.connecting, 'it to be accepted');
			fresh.send('anyone?');
			const silent = open();
			await until(() => proxy.connections() === 2, 'both to be connected');
			proxy.heal();
			await until(() => fresh.ended() === 'ECONNRESET' && silent.ended() === 'ECONNRESET', 'resets');
			expect(server.connections()).toBe(0);
		});

		it('loses only answers when it is downward: the server has seen the request', async () => {
			const existing = await connected();
			proxy.add({kind: 'blackhole', direction: 'down'});
			existing.send('heard');
			await until(() => server.received() === 'helloheard', 'the server to hear it');
			await until(() => proxy.bytes().down === 10, 'the answer to be swallowed');
			expect(existing.text()).toBe('hello');
			proxy.heal();
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
		});

		it('loses only requests when it is upward', async () => {
			const existing = await connected();
			proxy.add({kind: 'blackhole', direction: 'up'});
			existing.send('lost');
			for (const socket of server.sockets) socket.write('from the server');
			await until(() => existing.text() === 'hellofrom the server', 'what the server says');
			expect(server.received()).toBe('hello');
		});

		it('keeps a lost end of the client from the server until it is lifted', async () => {
			const existing = await connected();
			proxy.add({kind: 'blackhole'});
			existing.socket.destroy();
			await until(() => proxy.connections() === 0, 'the client to be gone');
			const other = open();
			await until(() => !other.socket.connecting, 'time for the end to arrive');
			expect(server.sockets.size).toBe(1);
			proxy.heal();
			await until(() => server.sockets.size === 0, 'the server to be told');
		});

		it('drops what a latency was holding, and never delivers what comes after it', async () => {
			const existing = await connected();
			proxy.add({kind: 'latency', delayMs: 50, direction: 'up'});
			existing.send('on its way');
			await until(() => proxy.bytes().up === 15, 'it to be under way');
			const hole = proxy.add({kind: 'blackhole', direction: 'up'});
			existing.send('later');
			await until(() => proxy.bytes().up === 20, 'the later bytes');
			proxy.lift(hole.id);
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(server.received()).toBe('hello');
		});
	});

	describe('stall', () => {
		it('holds both directions, on existing and new connections, and delivers all of it in order on lift', async () => {
			const existing = await connected();
			const fault = proxy.add({kind: 'stall'});
			const fresh = open();
			for (const word of ['one ', 'two ', 'three']) existing.send(word);
			fresh.send('new');
			await until(() => proxy.bytes().up === 5 + 13 + 3, 'all to be held');
			expect(server.received()).toBe('hello');
			proxy.lift(fault.id);
			await until(() => existing.text() === 'helloone two three' && fresh.text() === 'new', 'delivery');
		});

		it('delivers what a client sent before it gave up, and then the end', async () => {
			const existing = await connected();
			proxy.add({kind: 'stall'});
			existing.send('too late');
			existing.socket.destroy();
			await until(() => proxy.connections() === 0, 'the client to be gone');
			expect(server.received()).toBe('hello');
			proxy.heal();
			await until(() => server.received() === 'hellotoo late', 'the late bytes');
			await until(() => server.sockets.size === 0, 'the end');
		});

		it('holds the sender back instead of filling the memory', async () => {
			const existing = await connected();
			proxy.add({kind: 'stall', direction: 'up'});
			const block = 'x'.repeat(1024 * 1024);
			for (let i = 0; i < 64; i++) existing.send(block);
			let before = -1;
			const still = () => {
				const same = proxy.bytes().up === before;
				before = proxy.bytes().up;
				return same;
			};
			await until(still, 'the flow to stop', {everyMs: 100});
			expect(proxy.bytes().up).toBeLessThan(6 * 1024 * 1024);
			proxy.heal();
			await until(() => existing.text().length === 5 + 64 * 1024 * 1024, 'all of it', {timeoutMs: 20_000});
		});
	});

	describe('handshake', () => {
		it('lets existing connections be, accepts new ones without ever answering, and resets those on lift', async () => {
			const existing = await connected();
			const fault = proxy.add({kind: 'handshake'});
			const fresh = open();
			await until(() => !fresh.socket.connecting, 'it to be accepted');
			fresh.send('PING\r\n');
			await existing.ask('I am fine', 'I am fine');
			expect(fresh.text()).toBe('');
			expect(server.connections()).toBe(1);
			proxy.lift(fault.id);
			await until(() => fresh.ended() === 'ECONNRESET', 'a reset');
			await existing.ask('still', 'still');
		});
	});

	describe('latency', () => {
		it('delays the direction it is set for, and several add up', async () => {
			const existing = await connected();
			const roundTrip = async (): Promise<number> => {
				const startedAt = performance.now();
				await existing.ask('ping', 'ping');
				return performance.now() - startedAt;
			};
			const up = proxy.add({kind: 'latency', delayMs: 80, direction: 'up'});
			expect(await roundTrip()).toBeGreaterThan(78);
			proxy.lift(up.id);
			proxy.lift(proxy.add({kind: 'latency', delayMs: 60_000, direction: 'down'}).id);
			// It would take a minute if what has been lifted still counted.
			await roundTrip();
			proxy.add({kind: 'latency', delayMs: 40});
			proxy.add({kind: 'latency', delayMs: 40, direction: 'down'});
			expect(await roundTrip()).toBeGreaterThan(118);
		});

		it('keeps the order, however large the jitter', async () => {
			const existing = await connected();
			proxy.add({kind: 'latency', delayMs: 10, jitterMs: 10});
			let expected = 'hello';
			for (let i = 0; i < 200; i++) {
				existing.send(`${i},`);
				expected += `${i},`;
				await turn();
			}
			await until(() => existing.text().length === expected.length, 'all of it');
			expect(existing.text()).toBe(expected);
		});

		it('delivers at once what it holds when it is lifted', async () => {
			const existing = await connected();
			const fault = proxy.add({kind: 'latency', delayMs: 60_000});
			existing.send('slow');
			await until(() => proxy.bytes().up === 9, 'it to be held');
			proxy.lift(fault.id);
			await until(() => existing.text() === 'helloslow', 'delivery');
		});
	});

	describe('bandwidth', () => {
		it('lets so many kilobytes a second through, for each connection', async () => {
			const clients = await Promise.all(Array.from({length: 20}, connected));
			proxy.add({kind: 'bandwidth', kbps: 100, direction: 'up'});
			const startedAt = performance.now();
			for (const client of clients) client.send('x'.repeat(40_000));
			await until(() => clients.every((client) => client.text().length === 40_005), 'all of it', {timeoutMs: 20_000});
			const took = performance.now() - startedAt;
			expect(took).toBeGreaterThan(380);
			// Eight seconds if they shared it.
			expect(took).toBeLessThan(7000);
		});
	});

	describe('slice', () => {
		it('cuts data into pieces of about its size, with its pause between them', async () => {
			const existing = await connected();
			proxy.add({kind: 'slice', bytes: 10, delayMs: 5, direction: 'down'});
			existing.pieces.length = 0;
			const startedAt = performance.now();
			await existing.ask('y'.repeat(200), 'y'.repeat(200));
			expect(existing.pieces.length).toBeGreaterThan(11);
			expect(Math.max(...existing.pieces.map(({length}) => length))).toBeLessThan(60);
			expect(performance.now() - startedAt).toBeGreaterThan(60);
		});
	});

	describe('flaky', () => {
		it('cuts each connection, old or new, with its probability at every interval', async () => {
			await proxy.close();
			// Chance that spares every other connection.
			let spare = false;
			const random = () => {
				spare = !spare;
				return spare ? 0.1 : 0.9;
			};
			proxy = await startFaultProxy({target: {host: '127.0.0.1', port: server.port}, random});
			const [first, second] = [await connected(), await connected()];
			proxy.add({kind: 'flaky', probability: 0.5, everyMs: 20});
			await until(() => first.ended() === 'ECONNRESET', 'the first to be cut');
			await until(() => second.ended() === 'ECONNRESET', 'the second to be cut at another time');
			const third = await connected();
			await until(() => third.ended() === 'ECONNRESET', 'a new one to be cut');
		});

		it('cuts nothing with probability 0', async () => {
			const existing = await connected();
			proxy.add({kind: 'flaky', probability: 0, everyMs: 10});
			const probe = proxy.add({kind: 'flaky', probability: 1, everyMs: 50});
			proxy.lift(probe.id);
			const startedAt = performance.now();
			await until(() => performance.now() - startedAt > 60, 'several intervals');
			await existing.ask('here', 'here');
		});
	});

	describe('limit', () => {
		it('closes a connection after exactly so many bytes, counted from when the fault came', async () => {
			const existing = await connected();
			proxy.add({kind: 'limit', bytes: 12, direction: 'down'});
			existing.send('0123456789abcdef');
			await until(() => existing.ended() === 'end', 'the end');
			expect(existing.text()).toBe('hello0123456789ab');
			const fresh = open();
			await fresh.ask('0123', '0123');
			fresh.send('456789abcdef');
			await until(() => fresh.ended() === 'end', 'the end of a new one');
			expect(fresh.text()).toBe('0123456789ab');
		});

		it('counts both directions together when it is for both', async () => {
			const existing = await connected();
			proxy.add({kind: 'limit', bytes: 10});
			existing.send('abcdef');
			await until(() => existing.ended() !== undefined, 'the end');
			expect(existing.text()).toBe('helloabcd');
		});
	});

	it('stands before a unix socket too', async () => {
		const directory = await mkdtemp(join(tmpdir(), 'rct-test-'));
		const path = join(directory, 'peer.sock');
		const peer = createServer((socket) => socket.pipe(socket));
		await new Promise<void>((resolve) => peer.listen(path, resolve));
		const before = await startFaultProxy({target: {path}});
		const wire = client(before.port);
		await wire.ask('hello', 'hello');
		before.add({kind: 'reset'});
		await until(() => wire.ended() === 'ECONNRESET', 'a reset');
		await before.close();
		await new Promise((resolve) => peer.close(resolve));
		await rm(directory, {recursive: true});
	});

	it('makes several faults at once', async () => {
		const existing = await connected();
		proxy.add({kind: 'latency', delayMs: 30});
		proxy.add({kind: 'slice', bytes: 4, direction: 'down'});
		proxy.add({kind: 'bandwidth', kbps: 1000});
		const startedAt = performance.now();
		await existing.ask('a rather long sentence', 'a rather long sentence');
		expect(performance.now() - startedAt).toBeGreaterThan(58);
		expect(proxy.active().map(({label}) => label)).toEqual([
			'latency 30 ms',
			'slice 4 bytes, down',
			'bandwidth 1000 KB/s',
		]);
	});

	it('lifts a fault by itself after its time, and tells of every change', async () => {
		const seen: string[][] = [];
		const stop = proxy.onChange((active) => seen.push(active.map(({fault}) => fault.kind)));
		const fault = proxy.add({kind: 'stall'}, {forMs: 30});
		expect(fault.until).toBe(fault.since + 30);
		await until(() => proxy.active().length === 0, 'it to lift');
		expect(proxy.lift(fault.id)).toBe(false);
		proxy.add({kind: 'refuse'});
		proxy.heal();
		expect(seen).toEqual([['stall'], [], ['refuse'], []]);
		stop();
		proxy.add({kind: 'stall'});
		expect(seen).toHaveLength(4);
	});

	it('leaves nothing open when it is closed under faults and traffic', async () => {
		const first = await connected();
		proxy.add({kind: 'stall'});
		first.send('held');
		proxy.add({kind: 'flaky', probability: 0.5, everyMs: 10});
		open();
		await proxy.close();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
		await until(() => server.sockets.size === 0, 'the server to be left alone');
		expect(proxy.connections()).toBe(0);
		const late = open();
		await until(() => late.ended() === 'ECONNREFUSED', 'the port to be closed');
	});
});
