import {connect} from 'node:net';
import {describe, expect, it} from 'vitest';
import type {FaultProxyEvent} from '../../source/proxy/fault-proxy.js';
import {EchoProxyFixture} from '../support/proxy-fixtures.js';
import {request} from '../support/resp.js';
import {until} from '../support/until.js';

/** Waits until no more bytes are taken in, and returns their number. */
async function whenStill(bytes: () => number): Promise<number> {
	let before = -1;
	await until(
		() => {
			const now = bytes();
			const still = now === before && now > 0;
			before = now;
			return still;
		},
		'the flow to stop',
		{everyMs: 150},
	);
	return before;
}

describe('the memory of the proxy is bounded', () => {
	const fixture = new EchoProxyFixture();

	it.each([
		['stall', {kind: 'stall', direction: 'down'}],
		['latency', {kind: 'latency', delayMs: 60_000, direction: 'down'}],
		['bandwidth', {kind: 'bandwidth', kbps: 0.01, direction: 'down'}],
	] as const)('when injected replies are held by %s and the client keeps sending requests', async (_name, fault) => {
		const {proxy} = fixture;
		proxy.add({kind: 'error', error: 'LOADING'});
		proxy.add(fault);
		const socket = connect(proxy.port, '127.0.0.1');
		socket.on('error', () => {});
		const gets = Buffer.from(request('GET', 'key').repeat(20_000));
		let asked = 0;
		const ask = () => {
			while (asked < 128 * 1024 * 1024) {
				asked += gets.length;
				if (!socket.write(gets)) return;
			}
		};
		socket.on('drain', ask);
		ask();
		// Answers are longer than what asks for them: 4 MB of answers stand for less than that of requests.
		expect(await whenStill(() => proxy.bytes().up)).toBeLessThan(12 * 1024 * 1024);
		socket.destroy();
	});

	it('when there are too many connections, of which it tells once', async () => {
		const events: FaultProxyEvent[] = [];
		const maxConnections = 30;
		await fixture.replaceProxy({maxConnections, onEvent: (event) => event.type === 'full' && events.push(event)});
		const {proxy} = fixture;
		const open = Array.from({length: maxConnections}, () => fixture.open());
		await until(() => proxy.connections() === maxConnections, 'as many connections as it takes');
		const refused = [fixture.open(), fixture.open()];
		await until(() => refused.every((wire) => wire.ended() !== undefined), 'further ones to be refused');
		expect(refused.map((wire) => wire.text())).toEqual(Array(2).fill('-ERR max number of clients reached\r\n'));
		expect(events).toEqual([{type: 'full', limit: maxConnections}]);
		open[0]?.close();
		await until(() => proxy.connections() === maxConnections - 1, 'one to be gone');
		await fixture.connected();
		const again = fixture.open();
		await until(() => again.ended() !== undefined, 'another one to be refused');
		expect(events).toHaveLength(2);
	});

	it('when bytes arrive one by one', async () => {
		const {proxy} = fixture;
		const existing = await fixture.connected();
		proxy.add({kind: 'stall', direction: 'up'});
		let sent = 0;
		let went = true;
		while (went) {
			for (let i = 0; i < 200; i++) {
				existing.socket.write('x');
				sent++;
				await new Promise((resolve) => setImmediate(resolve));
			}
			went = proxy.bytes().up > sent - 2000 && sent < 40_000;
		}
		expect(sent).toBeLessThan(40_000);
		proxy.heal();
		await until(() => existing.received === 5 + sent, 'all of it to arrive');
	});

	it('when the name of a command never ends', async () => {
		let opaque = 0;
		await fixture.replaceProxy({
			onEvent: ({type}) => {
				if (type === 'opaque') opaque++;
			},
		});
		fixture.proxy.add({kind: 'error', error: 'LOADING'});
		const wire = fixture.open();
		const text = `*1\r\n$100000000\r\n${'n'.repeat(1_000_000)}`;
		wire.send(text);
		await until(() => opaque === 1, 'it to be left alone');
		await until(() => fixture.server.received().length === text.length, 'all of it to be passed on');
	});

	it('when a NUL hides the end of an inline command', async () => {
		const wire = fixture.open();
		await wire.ask('PI\0NG\r\n', 'PI\0NG\r\n');
		fixture.proxy.add({kind: 'error', error: 'LOADING'});
		const other = fixture.open();
		other.send('PI\0NG\r\n');
		// Redis does not answer such a line either, and refuses it when it gets too long.
		await other.ask('x'.repeat(70_000), `PI\0NG\r\n${'x'.repeat(70_000)}`);
		await wire.ask('more', 'more');
	});
});
