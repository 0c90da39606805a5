import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {EchoProxyFixture} from '../support/proxy-fixtures.js';
import {patienceMs, until} from '../support/until.js';

describe('faults that hold or drop bytes', () => {
	const fixture = new EchoProxyFixture();

	describe('blackhole', () => {
		it('drops the bytes of an existing connection, and resets it when lifted', async () => {
			const existing = await fixture.connected();
			const quiet = await fixture.connected();
			const fault = fixture.proxy.add({kind: 'blackhole'});
			existing.send('lost');
			await until(() => fixture.proxy.bytes().up === 14, 'the bytes to be swallowed');
			fixture.proxy.lift(fault.id);
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(fixture.server.received()).toBe('hellohello');
			// Nothing was lost here, so nothing has to break.
			await quiet.ask('fine', 'fine');
		});

		it('accepts new connections without answering, and resets them when lifted', async () => {
			fixture.proxy.add({kind: 'blackhole'});
			const fresh = fixture.open();
			await until(() => !fresh.socket.connecting, 'it to be accepted');
			fresh.send('anyone?');
			const silent = fixture.open();
			await until(() => fixture.proxy.connections() === 2, 'both to be connected');
			fixture.proxy.heal();
			await until(() => fresh.ended() === 'ECONNRESET' && silent.ended() === 'ECONNRESET', 'resets');
			expect(fixture.server.connections()).toBe(0);
		});

		it('drops only replies if it applies downward: the server has received the request', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'blackhole', direction: 'down'});
			existing.send('heard');
			await until(() => fixture.server.received() === 'helloheard', 'the server to hear it');
			await until(() => fixture.proxy.bytes().down === 10, 'the answer to be swallowed');
			expect(existing.text()).toBe('hello');
			fixture.proxy.heal();
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
		});

		it('drops only requests if it applies upward', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'blackhole', direction: 'up'});
			existing.send('lost');
			for (const socket of fixture.server.sockets) socket.write('from the server');
			await until(() => existing.text() === 'hellofrom the server', 'what the server says');
			expect(fixture.server.received()).toBe('hello');
		});

		it('hides the end of a client from the server until it is lifted', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'blackhole'});
			existing.socket.destroy();
			await until(() => fixture.proxy.connections() === 0, 'the client to be gone');
			const other = fixture.open();
			await until(() => !other.socket.connecting, 'time for the end to arrive');
			expect(fixture.server.sockets.size).toBe(1);
			fixture.proxy.heal();
			await until(() => fixture.server.sockets.size === 0, 'the server to be told');
		});

		it('drops bytes held by a latency, and never delivers later ones', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'latency', delayMs: 50, direction: 'up'});
			existing.send('on its way');
			await until(() => fixture.proxy.bytes().up === 15, 'it to be under way');
			const hole = fixture.proxy.add({kind: 'blackhole', direction: 'up'});
			existing.send('later');
			await until(() => fixture.proxy.bytes().up === 20, 'the later bytes');
			fixture.proxy.lift(hole.id);
			await until(() => existing.ended() === 'ECONNRESET', 'a reset');
			expect(fixture.server.received()).toBe('hello');
		});
	});

	describe('stall', () => {
		it('holds both directions of existing and new connections, and delivers everything in order when lifted', async () => {
			const existing = await fixture.connected();
			const fault = fixture.proxy.add({kind: 'stall'});
			const fresh = fixture.open();
			for (const word of ['one ', 'two ', 'three']) existing.send(word);
			fresh.send('new');
			await until(() => fixture.proxy.bytes().up === 5 + 13 + 3, 'all to be held');
			expect(fixture.server.received()).toBe('hello');
			fixture.proxy.lift(fault.id);
			await until(() => existing.text() === 'helloone two three' && fresh.text() === 'new', 'delivery');
		});

		it('delivers what a client sent before it disconnected, then its end', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'stall'});
			existing.send('too late');
			existing.socket.destroy();
			await until(() => fixture.proxy.connections() === 0, 'the client to be gone');
			expect(fixture.server.received()).toBe('hello');
			fixture.proxy.heal();
			await until(() => fixture.server.received() === 'hellotoo late', 'the late bytes');
			await until(() => fixture.server.sockets.size === 0, 'the end');
		});

		it('holds the sender back instead of filling memory', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'stall', direction: 'up'});
			const block = 'x'.repeat(1024 * 1024);
			for (let i = 0; i < 64; i++) existing.send(block);
			let before = -1;
			const still = () => {
				const same = fixture.proxy.bytes().up === before;
				before = fixture.proxy.bytes().up;
				return same;
			};
			await until(still, 'the flow to stop', {everyMs: 100});
			expect(fixture.proxy.bytes().up).toBeLessThan(6 * 1024 * 1024);
			fixture.proxy.heal();
			await until(() => existing.received === 5 + 64 * 1024 * 1024, 'all of it', {timeoutMs: 2 * patienceMs});
		});
	});

	describe('latency', () => {
		it('delays its direction, and adds up with others', async () => {
			const existing = await fixture.connected();
			const roundTrip = async (): Promise<number> => {
				const startedAt = performance.now();
				await existing.ask('ping', 'ping');
				return performance.now() - startedAt;
			};
			const up = fixture.proxy.add({kind: 'latency', delayMs: 80, direction: 'up'});
			expect(await roundTrip()).toBeGreaterThan(78);
			fixture.proxy.lift(up.id);
			fixture.proxy.lift(fixture.proxy.add({kind: 'latency', delayMs: 60_000, direction: 'down'}).id);
			// It would take a minute if what has been lifted still counted.
			await roundTrip();
			fixture.proxy.add({kind: 'latency', delayMs: 40});
			fixture.proxy.add({kind: 'latency', delayMs: 40, direction: 'down'});
			expect(await roundTrip()).toBeGreaterThan(118);
		});

		it('keeps the order, however large the jitter', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'latency', delayMs: 10, jitterMs: 10});
			let expected = 'hello';
			for (let i = 0; i < 200; i++) {
				existing.send(`${i},`);
				expected += `${i},`;
				await turn();
			}
			await until(() => existing.received === expected.length, 'all of it');
			expect(existing.text()).toBe(expected);
		});

		it('delivers what it holds at once when lifted', async () => {
			const existing = await fixture.connected();
			const fault = fixture.proxy.add({kind: 'latency', delayMs: 60_000});
			existing.send('slow');
			await until(() => fixture.proxy.bytes().up === 9, 'it to be held');
			fixture.proxy.lift(fault.id);
			await until(() => existing.text() === 'helloslow', 'delivery');
		});

		it('holds bytes no longer than the remaining latencies when one of several is lifted', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'latency', delayMs: 30});
			const long = fixture.proxy.add({kind: 'latency', delayMs: 60_000});
			existing.send('slow');
			await until(() => fixture.proxy.bytes().up === 9, 'it to be held');
			const liftedAt = performance.now();
			fixture.proxy.lift(long.id);
			await until(() => existing.text() === 'helloslow', 'delivery');
			// Each way, but for a timer that fires early.
			expect(performance.now() - liftedAt).toBeGreaterThan(58);
		});
	});

	describe('bandwidth', () => {
		it('limits the kilobytes per second of each connection', async () => {
			const clients = await Promise.all(Array.from({length: 20}, () => fixture.connected()));
			fixture.proxy.add({kind: 'bandwidth', kbps: 100, direction: 'up'});
			const startedAt = performance.now();
			for (const client of clients) client.send('x'.repeat(40_000));
			await until(() => clients.every((client) => client.received === 40_005), 'all of it');
			const took = performance.now() - startedAt;
			expect(took).toBeGreaterThan(380);
			// Eight seconds if they shared it.
			expect(took).toBeLessThan(7000);
		});
	});

	describe('slice', () => {
		it('cuts data into pieces of about its size, with its delay between them', async () => {
			const existing = await fixture.connected();
			fixture.proxy.add({kind: 'slice', bytes: 10, delayMs: 5, direction: 'down'});
			existing.pieces.length = 0;
			const startedAt = performance.now();
			await existing.ask('y'.repeat(200), 'y'.repeat(200));
			expect(existing.pieces.length).toBeGreaterThan(11);
			expect(Math.max(...existing.pieces.map(({length}) => length))).toBeLessThan(60);
			expect(performance.now() - startedAt).toBeGreaterThan(60);
		});

		it('delivers the remaining pieces at once when lifted', async () => {
			const existing = await fixture.connected();
			const fault = fixture.proxy.add({kind: 'slice', bytes: 4, delayMs: 60_000, direction: 'up'});
			existing.send('in pieces');
			await until(() => existing.received > 5, 'the first piece');
			fixture.proxy.lift(fault.id);
			await until(() => existing.text() === 'helloin pieces', 'the rest');
		});
	});
});
