import {createServer} from 'node:net';
import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {until} from '../support/until.js';
import {ProxyBench} from './proxy-bench.js';

describe('faults that cut connections', () => {
	const bench = new ProxyBench();

	describe('refuse', () => {
		it('cuts what is open, refuses what is new, and takes connections again on the same port when lifted', async () => {
			const existing = await bench.connected();
			const fault = bench.proxy.add({kind: 'refuse'});
			await until(() => existing.ended() !== undefined, 'the existing connection to be cut');
			const refused = bench.open();
			await until(() => refused.ended() === 'ECONNREFUSED', 'ECONNREFUSED');
			const port = bench.proxy.port;
			expect(bench.proxy.lift(fault.id)).toBe(true);
			expect(bench.proxy.port).toBe(port);
			await bench.connected();
		});

		it('goes on trying when another process has taken the port meanwhile', async () => {
			const events: string[] = [];
			await bench.replaceProxy({onEvent: ({type}) => events.push(type)});
			const fault = bench.proxy.add({kind: 'refuse'});
			const thief = createServer();
			await new Promise<void>((resolve) => thief.listen(bench.proxy.port, '127.0.0.1', resolve));
			bench.proxy.lift(fault.id);
			await until(() => events.includes('port taken'), 'it to notice');
			await new Promise((resolve) => thief.close(resolve));
			await until(async () => {
				const attempt = bench.open();
				await until(() => attempt.ended() !== undefined || !attempt.socket.connecting, 'connect or refuse');
				return attempt.ended() === undefined;
			}, 'the port to open again');
		});

		it('may be lifted and put back in one breath', async () => {
			for (let i = 0; i < 5; i++) {
				bench.proxy.heal();
				bench.proxy.add({kind: 'refuse'});
			}
			const refused = bench.open();
			await until(() => refused.ended() === 'ECONNREFUSED', 'ECONNREFUSED');
			bench.proxy.heal();
			await bench.connected();
		});
	});

	describe('reset', () => {
		it('resets existing and new connections with RST', async () => {
			const existing = await bench.connected();
			bench.proxy.add({kind: 'reset'});
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			const fresh = bench.open();
			await until(() => fresh.ended() === 'ECONNRESET', 'a reset of the new one');
			await until(() => bench.server.sockets.size === 0, 'the server to see it');
			expect(bench.server.connections()).toBe(1);
		});

		it('waits for its time, and until then passes everything', async () => {
			const existing = await bench.connected();
			const startedAt = performance.now();
			bench.proxy.add({kind: 'reset', afterMs: 600});
			await existing.ask('still here', 'still here');
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(performance.now() - startedAt).toBeGreaterThan(590);
			const saved = bench.open();
			await saved.ask('short life', 'short life');
			bench.proxy.heal();
			await turn();
			await saved.ask('saved', 'saved');
		});
	});

	describe('handshake', () => {
		it('lets existing connections be, accepts new ones without ever answering, and resets those on lift', async () => {
			const existing = await bench.connected();
			const fault = bench.proxy.add({kind: 'handshake'});
			const fresh = bench.open();
			await until(() => !fresh.socket.connecting, 'it to be accepted');
			fresh.send('PING\r\n');
			await existing.ask('I am fine', 'I am fine');
			expect(fresh.text()).toBe('');
			expect(bench.server.connections()).toBe(1);
			bench.proxy.lift(fault.id);
			await until(() => fresh.ended() === 'ECONNRESET', 'a reset');
			await existing.ask('still', 'still');
		});
	});

	describe('flaky', () => {
		it('cuts each connection, old or new, with its probability at every interval', async () => {
			// Chance that spares every other connection.
			let spare = false;
			const random = () => {
				spare = !spare;
				return spare ? 0.1 : 0.9;
			};
			await bench.replaceProxy({random});
			const [first, second] = [await bench.connected(), await bench.connected()];
			bench.proxy.add({kind: 'flaky', probability: 0.5, everyMs: 20});
			await until(() => first.ended() === 'ECONNRESET', 'the first to be cut');
			await until(() => second.ended() === 'ECONNRESET', 'the second to be cut at another time');
			const third = await bench.connected();
			await until(() => third.ended() === 'ECONNRESET', 'a new one to be cut');
		});

		it('cuts nothing with probability 0', async () => {
			const existing = await bench.connected();
			bench.proxy.add({kind: 'flaky', probability: 0, everyMs: 10});
			const probe = bench.proxy.add({kind: 'flaky', probability: 1, everyMs: 50});
			bench.proxy.lift(probe.id);
			const startedAt = performance.now();
			await until(() => performance.now() - startedAt > 60, 'several intervals');
			await existing.ask('here', 'here');
		});
	});

	describe('limit', () => {
		it('closes a connection after exactly so many bytes, counted from when the fault came', async () => {
			const existing = await bench.connected();
			bench.proxy.add({kind: 'limit', bytes: 12, direction: 'down'});
			existing.send('0123456789abcdef');
			await until(() => existing.ended() === 'end', 'the end');
			expect(existing.text()).toBe('hello0123456789ab');
			const fresh = bench.open();
			await fresh.ask('0123', '0123');
			fresh.send('456789abcdef');
			await until(() => fresh.ended() === 'end', 'the end of a new one');
			expect(fresh.text()).toBe('0123456789ab');
		});

		it('counts both directions together when it is for both', async () => {
			const existing = await bench.connected();
			bench.proxy.add({kind: 'limit', bytes: 10});
			existing.send('abcdef');
			await until(() => existing.ended() !== undefined, 'the end');
			expect(existing.text()).toBe('helloabcd');
		});
	});
});
