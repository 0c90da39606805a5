import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {until} from '../support/until.js';
import {ProxyBench} from './proxy-bench.js';
import {client, peerServer} from './wire.js';

describe('the fault proxy', () => {
	const bench = new ProxyBench();

	it('passes bytes on in both directions, counts them, and passes on the end of either side', async () => {
		const first = await bench.connected();
		expect(bench.proxy.connections()).toBe(1);
		await first.ask('again', 'again');
		expect(bench.proxy.bytes()).toEqual({up: 10, down: 10});
		first.socket.end();
		await until(() => first.ended() === 'end', 'the server to answer the end with its own');
		await until(
			() => bench.proxy.connections() === 0 && bench.server.sockets.size === 0,
			'both connections to be gone',
		);
		expect(bench.proxy.bytes()).toEqual({up: 10, down: 10});
	});

	it('delivers many megabytes through a slow reader without loss, and holds the sender back', async () => {
		const slow = bench.open();
		slow.socket.pause();
		const block = 'x'.repeat(1024 * 1024);
		for (let i = 0; i < 64; i++) slow.send(block);
		let before = -1;
		await until(
			() => {
				const {up} = bench.proxy.bytes();
				const still = up === before;
				before = up;
				return still && up > 0;
			},
			'the flow to stop',
			{everyMs: 100},
		);
		expect(bench.proxy.bytes().up).toBeLessThan(48 * 1024 * 1024);
		slow.socket.resume();
		await until(() => slow.text().length === 64 * 1024 * 1024, 'all of it', {timeoutMs: 20_000});
	});

	it('resets a client whose server cannot be reached', async () => {
		await bench.server.close();
		const first = bench.open();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
		bench.server = await peerServer();
	});

	it('passes a reset of the server on as a reset', async () => {
		const first = await bench.connected();
		for (const socket of bench.server.sockets) socket.resetAndDestroy();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
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
		const existing = await bench.connected();
		bench.proxy.add({kind: 'latency', delayMs: 30});
		bench.proxy.add({kind: 'slice', bytes: 4, direction: 'down'});
		bench.proxy.add({kind: 'bandwidth', kbps: 1000});
		const startedAt = performance.now();
		await existing.ask('a rather long sentence', 'a rather long sentence');
		expect(performance.now() - startedAt).toBeGreaterThan(58);
		expect(bench.proxy.active().map(({label}) => label)).toEqual([
			'latency 30 ms',
			'slice 4 bytes, down',
			'bandwidth 1000 KB/s',
		]);
	});

	it('lifts a fault by itself after its time, and tells of every change', async () => {
		const seen: string[][] = [];
		const stop = bench.proxy.onChange((active) => seen.push(active.map(({fault}) => fault.kind)));
		const fault = bench.proxy.add({kind: 'stall'}, {forMs: 30});
		expect(fault.until).toBe(fault.since + 30);
		await until(() => bench.proxy.active().length === 0, 'it to lift');
		expect(bench.proxy.lift(fault.id)).toBe(false);
		bench.proxy.add({kind: 'refuse'});
		bench.proxy.heal();
		expect(seen).toEqual([['stall'], [], ['refuse'], []]);
		stop();
		bench.proxy.add({kind: 'stall'});
		expect(seen).toHaveLength(4);
	});

	it('leaves nothing open when it is closed under faults and traffic', async () => {
		const first = await bench.connected();
		bench.proxy.add({kind: 'stall'});
		first.send('held');
		bench.proxy.add({kind: 'flaky', probability: 0.5, everyMs: 10});
		bench.open();
		await bench.proxy.close();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
		await until(() => bench.server.sockets.size === 0, 'the server to be left alone');
		expect(bench.proxy.connections()).toBe(0);
		const late = bench.open();
		await until(() => late.ended() === 'ECONNREFUSED', 'the port to be closed');
	});
});
