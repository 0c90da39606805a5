import {randomBytes} from 'node:crypto';
import {connect, createServer, type Socket} from 'node:net';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {Outbox} from '../../source/pool/connection/outbox.js';
import {until} from '../support/until.js';

let received: Buffer[];
let socket: Socket;
let close: () => void;

beforeEach(async () => {
	received = [];
	const server = createServer((peer) => peer.on('data', (chunk) => received.push(chunk)));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as {port: number};
	socket = connect(port, '127.0.0.1');
	await new Promise((resolve) => socket.once('connect', resolve));
	close = () => {
		socket.destroy();
		server.close();
	};
});

afterEach(() => close());

it('writes text and bytes to the socket in order, in any alphabet', async () => {
	const chunk = fc.oneof(
		fc.string(),
		fc.string({unit: 'grapheme'}),
		fc.uint8Array({maxLength: 40}).map((bytes) => Buffer.from(bytes)),
	);
	const outbox = new Outbox();
	let expected = '';
	for (const flushes of fc.sample(fc.array(fc.array(chunk)), 60)) {
		for (const chunks of flushes) {
			for (const each of chunks) {
				outbox.write(each);
				expected += Buffer.from(each as string).toString('hex');
			}
			outbox.flush(socket);
		}
	}
	const total = expected.length / 2;
	await until(() => Buffer.concat(received).length >= total, 'all arrived');
	expect(Buffer.concat(received).toString('hex')).toBe(expected);
});

it('accepts more text than fits in one string', async () => {
	const outbox = new Outbox();
	const text = randomBytes(300_000).toString('hex');
	for (let count = 0; count < 20; count++) outbox.write(text);
	outbox.flush(socket);
	await until(() => received.reduce((sum, chunk) => sum + chunk.length, 0) === text.length * 20, 'all arrived');
	expect(Buffer.concat(received).toString('latin1', text.length * 19)).toBe(text);
});
