import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {WireFault} from '../../source/faults/fault.js';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {until} from '../support/until.js';

const direction = fc.constantFrom<('up' | 'down' | 'both')[]>('up', 'down', 'both');

/** All but `error`, which replies instead of passing bytes on. */
const fault = fc.oneof<fc.Arbitrary<WireFault>[]>(
	direction.map((way) => ({kind: 'blackhole', direction: way})),
	direction.map((way) => ({kind: 'stall', direction: way})),
	fc.record({
		kind: fc.constant('latency' as const),
		delayMs: fc.nat(8),
		jitterMs: fc.nat(8),
		direction,
	}),
	fc.record({kind: fc.constant('bandwidth' as const), kbps: fc.integer({min: 20, max: 500}), direction}),
	fc.record({kind: fc.constant('slice' as const), bytes: fc.integer({min: 1, max: 40}), delayMs: fc.nat(1), direction}),
	fc.record({kind: fc.constant('limit' as const), bytes: fc.nat(3000), direction}),
	fc.record({kind: fc.constant('flaky' as const), probability: fc.constant(0.3), everyMs: fc.constant(10)}),
	fc.constantFrom<WireFault[]>({kind: 'handshake'}, {kind: 'refuse'}, {kind: 'reset', afterMs: 10}, {kind: 'reset'}),
);

const step = fc.oneof(
	{weight: 3, arbitrary: fault.map((added) => ({type: 'add' as const, fault: added}))},
	{weight: 2, arbitrary: fc.nat(10).map((which) => ({type: 'lift' as const, which}))},
	{weight: 2, arbitrary: fc.constant({type: 'connect' as const})},
	{weight: 5, arbitrary: fc.integer({min: 1, max: 3000}).map((bytes) => ({type: 'send' as const, bytes}))},
	{weight: 1, arbitrary: fc.constant({type: 'hang up' as const})},
	{weight: 4, arbitrary: fc.integer({min: 1, max: 6}).map((ms) => ({type: 'wait' as const, ms}))},
);

/** The bytes that one end has sent and received. */
type Conversation = {
	readonly socket: Socket;
	sent: string;
	readonly received: {text: string};
	state: 'open' | 'left' | 'cut';
};

/** Each connection first sends its name, so that both of its ends can be matched, then numbers, so that gaps show. */
let numbers = 0;
const numbered = (bytes: number): string => {
	let text = '';
	while (text.length < bytes) text += `${numbers++},`;
	return text;
};

describe('connections under random faults', () => {
	it('never receive bytes out of order, after lost ones, or of another connection; those that stay open receive everything', async () => {
		/** The bytes that the server has received and sent, by the name of the connection. */
		const seen = new Map<string, {received: string; sent: string}>();
		const server = createServer({noDelay: true}, (socket) => {
			const record = {received: '', sent: ''};
			socket.on('error', () => {});
			socket.on('data', (chunk) => {
				record.received += chunk.toString('latin1');
				const [name] = record.received.split('\n');
				if (record.received.includes('\n')) seen.set(name ?? '', record);
				record.sent += chunk.toString('latin1');
				socket.write(chunk);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const {port} = server.address() as AddressInfo;

		await fc.assert(
			fc.asyncProperty(fc.array(step, {minLength: 5, maxLength: 40}), fc.integer(), async (steps, seed) => {
				let state = seed >>> 0;
				const random = () => {
					state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
					return state / 4_294_967_296;
				};
				const proxy = await startFaultProxy({target: {host: '127.0.0.1', port}, random});
				const all: Conversation[] = [];
				const open = (): Conversation => {
					const socket = connect({host: '127.0.0.1', port: proxy.port, noDelay: true});
					const opened: Conversation = {socket, sent: '', received: {text: ''}, state: 'open'};
					const cut = () => {
						if (opened.state === 'open') opened.state = 'cut';
					};
					socket.on('data', (chunk) => {
						opened.received.text += chunk.toString('latin1');
					});
					socket.on('error', cut).on('end', cut).on('close', cut);
					say(opened, `c${numbers++}\n`);
					all.push(opened);
					return opened;
				};
				const say = (to: Conversation, text: string) => {
					to.sent += text;
					to.socket.write(text, 'latin1');
				};
				const lastOpen = () => all.findLast(({state}) => state === 'open') ?? open();
				open();
				for (const each of steps) {
					switch (each.type) {
						case 'add':
							proxy.add(each.fault);
							break;
						case 'lift': {
							const active = proxy.active();
							const chosen = active[each.which % Math.max(1, active.length)];
							if (chosen) proxy.lift(chosen.id);
							break;
						}
						case 'connect':
							open();
							break;
						case 'send':
							for (const conversation of all)
								if (conversation.state === 'open') say(conversation, numbered(each.bytes));
							break;
						case 'hang up': {
							const leaving = lastOpen();
							leaving.state = 'left';
							leaving.socket.destroy();
							break;
						}
						case 'wait':
							await new Promise((resolve) => setTimeout(resolve, each.ms));
					}
				}
				proxy.heal();
				const settled = () =>
					all.every(({state, sent, received}) => state !== 'open' || received.text.length === sent.length);
				await until(settled, 'open connections to receive everything');
				for (const {sent, received} of all) {
					const [name = ''] = sent.split('\n');
					const there = seen.get(name);
					if (there !== undefined) expect(sent.startsWith(there.received), `${name} upwards`).toBe(true);
					// A connection that was closed within its first line has no name at the server.
					expect((there?.sent ?? sent).startsWith(received.text), `${name} downwards`).toBe(true);
				}
				for (const {socket} of all) socket.destroy();
				await proxy.close();
				seen.clear();
			}),
			{numRuns: 200, interruptAfterTimeLimit: 60_000},
		);
		await new Promise((resolve) => server.close(resolve));
	}, 120_000);
});
