import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {startPeerServer} from '../support/peer-server.js';
import {EchoProxyFixture} from '../support/proxy-fixtures.js';
import {RawConnection} from '../support/raw-connection.js';
import {patienceMs, until} from '../support/until.js';

describe('the fault proxy', () => {
	const fixture = new EchoProxyFixture();

	it('passes bytes on in both directions, counts them, and passes on the end of each side', async () => {
		const first = await fixture.connected();
		expect(fixture.proxy.connections()).toBe(1);
		await first.ask('again', 'again');
		expect(fixture.proxy.bytes()).toEqual({up: 10, down: 10});
		first.socket.end();
		await until(() => first.ended() === 'end', 'the server to answer the end with its own');
		await until(
			() => fixture.proxy.connections() === 0 && fixture.server.sockets.size === 0,
			'both connections to be gone',
		);
		expect(fixture.proxy.bytes()).toEqual({up: 10, down: 10});
	});

	it('delivers many megabytes to a slow reader without loss, and holds the sender back', async () => {
		const slow = fixture.open();
		slow.socket.pause();
		const block = 'x'.repeat(1024 * 1024);
		for (let i = 0; i < 64; i++) slow.send(block);
		let before = -1;
		await until(
			() => {
				const {up} = fixture.proxy.bytes();
				const still = up === before;
				before = up;
				return still && up > 0;
			},
			'the flow to stop',
			{everyMs: 100},
		);
		expect(fixture.proxy.bytes().up).toBeLessThan(48 * 1024 * 1024);
		slow.socket.resume();
		await until(() => slow.received === 64 * 1024 * 1024, 'all of it', {timeoutMs: 2 * patienceMs});
	});

	it('resets a client whose server cannot be reached', async () => {
		await fixture.server.close();
		const first = fixture.open();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
		fixture.server = await startPeerServer();
	});

	it('passes on a reset by the server', async () => {
		const first = await fixture.connected();
		for (const socket of fixture.server.sockets) socket.resetAndDestroy();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
	});

	it('works in front of a unix socket', async () => {
		const directory = await mkdtemp(join(tmpdir(), 'rct-test-'));
		const path = join(directory, 'peer.sock');
		const peer = createServer((socket) => socket.pipe(socket));
		await new Promise<void>((resolve) => peer.listen(path, resolve));
		const before = await startFaultProxy({target: {path}});
		const wire = new RawConnection(before.port);
		await wire.ask('hello', 'hello');
		before.add({kind: 'reset'});
		await until(() => wire.ended() === 'ECONNRESET', 'a reset');
		await before.close();
		await new Promise((resolve) => peer.close(resolve));
		await rm(directory, {recursive: true});
	});

	it('applies several faults at once', async () => {
		const existing = await fixture.connected();
		fixture.proxy.add({kind: 'latency', delayMs: 30});
		fixture.proxy.add({kind: 'slice', bytes: 4, direction: 'down'});
		fixture.proxy.add({kind: 'bandwidth', kbps: 1000});
		const startedAt = performance.now();
		await existing.ask('a rather long sentence', 'a rather long sentence');
		expect(performance.now() - startedAt).toBeGreaterThan(58);
		expect(fixture.proxy.active().map(({label}) => label)).toEqual([
			'latency 30 ms',
			'slice 4 bytes, down',
			'bandwidth 1000 KB/s',
		]);
	});

	it('lifts a fault by itself after its time, and reports every change', async () => {
		const seen: string[][] = [];
		const stop = fixture.proxy.onChange((active) => seen.push(active.map(({fault}) => fault.kind)));
		const fault = fixture.proxy.add({kind: 'stall'}, {forMs: 30});
		expect(fault.until).toBe(fault.since + 30);
		await until(() => fixture.proxy.active().length === 0, 'it to lift');
		expect(fixture.proxy.lift(fault.id)).toBe(false);
		fixture.proxy.add({kind: 'refuse'});
		fixture.proxy.heal();
		expect(seen).toEqual([['stall'], [], ['refuse'], []]);
		stop();
		fixture.proxy.add({kind: 'stall'});
		expect(seen).toHaveLength(4);
	});

	it('has other ports with the same faults, whose connections are counted and observed apart', async () => {
		let requests = '';
		fixture.proxy.add({kind: 'refuse'});
		const port = await fixture.proxy.openPort({
			observe: () => ({
				request: (bytes) => {
					requests += bytes.toString();
				},
				reply() {},
				closed() {},
			}),
		});
		const refused = new RawConnection(port.port);
		await until(() => refused.ended() === 'ECONNREFUSED', 'the port to be closed as well');
		fixture.proxy.heal();
		await fixture.connected();
		const other = new RawConnection(port.port);
		await other.ask('apart', 'apart');
		expect(requests).toBe('apart');
		expect([port.accepted(), fixture.proxy.accepted(), fixture.proxy.connections()]).toEqual([1, 2, 2]);
		await expect(fixture.proxy.openPort({listen: port})).rejects.toMatchObject({code: 'EADDRINUSE'});
		fixture.proxy.add({kind: 'reset'});
		await until(() => other.ended() === 'ECONNRESET', 'a reset');
		await fixture.proxy.close();
		const late = new RawConnection(port.port);
		await until(() => late.ended() === 'ECONNREFUSED', 'the port to be closed for good');
	});

	it('leaves nothing open when it is closed during faults and traffic', async () => {
		const first = await fixture.connected();
		fixture.proxy.add({kind: 'stall'});
		first.send('held');
		fixture.proxy.add({kind: 'flaky', probability: 0.5, everyMs: 10});
		fixture.open();
		await fixture.proxy.close();
		await until(() => first.ended() === 'ECONNRESET', 'a reset');
		await until(() => fixture.server.sockets.size === 0, 'the server to be left alone');
		expect(fixture.proxy.connections()).toBe(0);
		const late = fixture.open();
		await until(() => late.ended() === 'ECONNREFUSED', 'the port to be closed');
	});
});
