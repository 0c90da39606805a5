import {createServer} from 'node:net';
import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {EchoProxyFixture} from '../support/proxy-fixtures.js';
import {until} from '../support/until.js';

describe('faults that cut connections', () => {
	const fixture = new EchoProxyFixture();

	describe('refuse', () => {
		it('closes existing connections, refuses new ones, and accepts them again on the same port when lifted', async () => {
			const existing = await fixture.connected();
			const fault = fixture.proxy.add({kind: 'refuse'});
			await until(() => existing.ended() !== undefined, 'the existing connection to be closed');
			const refused = fixture.open();
			await until(() => refused.ended() === 'ECONNREFUSED', 'ECONNREFUSED');
			const port = fixture.proxy.port;
			expect(fixture.proxy.lift(fault.id)).toBe(true);
			expect(fixture.proxy.port).toBe(port);
			await fixture.connected();
		});

		it('keeps trying to open the port while another process uses it', async () => {
			const events: string[] = [];
			await fixture.replaceProxy({onEvent: ({type}) => events.push(type)});
			const fault = fixture.proxy.add({kind: 'refuse'});
			const thief = createServer();
			await new Promise<void>((resolve) => thief.listen(fixture.proxy.port, '127.0.0.1', resolve));
			fixture.proxy.lift(fault.id);
			await until(() => events.includes('port taken'), 'it to notice');
			await new Promise((resolve) => thief.close(resolve));
			await until(async () => {
				const attempt = fixture.open();
				await until(() => attempt.ended() !== undefined || !attempt.socket.connecting, 'connect or refuse');
				return attempt.ended() === undefined;
			}, 'the port to open again');
		});

		it('may be lifted and applied again in the same turn', async () => {
			for (let i = 0; i < 5; i++) {
				fixture.proxy.heal();
				fixture.proxy.add({kind: 'refuse'});
			}
			const refused = fixture.open();
			await until(() => refused.ended() === 'ECONNREFUSED', 'ECONNREFUSED');
			fixture.proxy.heal();
			await fixture.connected();
		});
	});

	describe('reset', () => {
		it('resets existing and new connections with RST', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'reset'});
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			const fresh = fixture.open();
			await until(() => fresh.ended() === 'ECONNRESET', 'a reset of the new one');
			await until(() => fixture.server.sockets.size === 0, 'the server to see it');
			expect(fixture.server.connections()).toBe(1);
		});

		it('passes everything until its time has come', async () => {
			const existing = await fixture.connected();
			const startedAt = performance.now();
			fixture.proxy.add({kind: 'reset', afterMs: 300});
			await existing.ask('still here', 'still here');
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(performance.now() - startedAt).toBeGreaterThan(290);
			const saved = fixture.open();
			await saved.ask('short life', 'short life');
			fixture.proxy.heal();
			await turn();
			await saved.ask('saved', 'saved');
		});
	});

	describe('handshake', () => {
		it('leaves existing connections alone, accepts new ones without answering, and resets those when lifted', async () => {
			const existing = await fixture.connected();
			const fault = fixture.proxy.add({kind: 'handshake'});
			const fresh = fixture.open();
			await until(() => !fresh.socket.connecting, 'it to be accepted');
			fresh.send('PING\r\n');
			await existing.ask('I am fine', 'I am fine');
			expect(fresh.text()).toBe('');
			expect(fixture.server.connections()).toBe(1);
			fixture.proxy.lift(fault.id);
			await until(() => fresh.ended() === 'ECONNRESET', 'a reset');
			await existing.ask('still', 'still');
		});
	});

	describe('flaky', () => {
		it('resets each connection, existing or new, with its probability at every interval', async () => {
			// Chance that spares every other connection.
			let spare = false;
			const random = () => {
				spare = !spare;
				return spare ? 0.1 : 0.9;
			};
			await fixture.replaceProxy({random});
			const [first, second] = [await fixture.connected(), await fixture.connected()];
			fixture.proxy.add({kind: 'flaky', probability: 0.5, everyMs: 20});
			await until(() => first.ended() === 'ECONNRESET', 'the first to be cut');
			await until(() => second.ended() === 'ECONNRESET', 'the second to be cut at another time');
			const third = await fixture.connected();
			await until(() => third.ended() === 'ECONNRESET', 'a new one to be cut');
		});

		it('resets nothing with probability 0', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'flaky', probability: 0, everyMs: 10});
			const probe = fixture.proxy.add({kind: 'flaky', probability: 1, everyMs: 50});
			fixture.proxy.lift(probe.id);
			const startedAt = performance.now();
			await until(() => performance.now() - startedAt > 60, 'several intervals');
			await existing.ask('here', 'here');
		});
	});

	describe('limit', () => {
		it('closes a connection after exactly that many bytes, counted from when the fault was applied', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'limit', bytes: 12, direction: 'down'});
			existing.send('0123456789abcdef');
			await until(() => existing.ended() === 'end', 'the end');
			expect(existing.text()).toBe('hello0123456789ab');
			const fresh = fixture.open();
			await fresh.ask('0123', '0123');
			fresh.send('456789abcdef');
			await until(() => fresh.ended() === 'end', 'the end of a new one');
			expect(fresh.text()).toBe('0123456789ab');
		});

		it('counts both directions together if it applies to both', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'limit', bytes: 10});
			existing.send('abcdef');
			await until(() => existing.ended() !== undefined, 'the end');
			expect(existing.text()).toBe('helloabcd');
		});
	});
});
