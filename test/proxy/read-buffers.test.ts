import {once} from 'node:events';
import {type AddressInfo, connect, createServer, Socket} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {adoptSocket, readSocket, type TakeOver} from '../../source/proxy/sockets/adopt-socket.js';
import {canAdopt, tryTakeOver} from '../../source/proxy/sockets/can-adopt.js';
import {ReadBuffers} from '../../source/proxy/sockets/read-buffers.js';
import {until} from '../support/until.js';

/** A socket that a server has just accepted, given to `adopt` at once, and its other end. */
async function openPair(adopt: (accepted: Socket) => void): Promise<Socket> {
	const server = createServer({allowHalfOpen: true}, adopt).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
	onTestFinished(() => void client.destroy());
	return client;
}

const bytes = Buffer.from(Array.from({length: 3_000_000}, (_, index) => (index * 7919) >> 3));

describe('a socket that reads into memory of ours', () => {
	it('gets everything in order, in larger pieces where much comes, and its end', async () => {
		const pieces: Buffer[] = [];
		let isEnded = false;
		const client = await openPair((accepted) => {
			const socket = adoptSocket(accepted, new ReadBuffers(), (piece) => pieces.push(piece) > 0);
			socket.on('end', () => {
				isEnded = true;
				socket.end('over');
			});
			expect(socket).not.toBe(accepted);
			expect(socket.remotePort).toBeGreaterThan(0);
		});
		client.end(bytes);
		const [over] = await once(client, 'data');
		expect(String(over)).toBe('over');
		expect(isEnded).toBe(true);
		expect(pieces[0]?.length).toBe(2048);
		expect(Math.max(...pieces.map(({length}) => length))).toBeGreaterThan(2048);
		expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
	});

	it('uses the same memory again for what nobody holds, and other memory else', async () => {
		const memory: ArrayBufferLike[] = [];
		let isHeld = false;
		const client = await openPair((accepted) => {
			adoptSocket(accepted, new ReadBuffers(), (piece) => {
				memory.push(piece.buffer);
				return isHeld;
			});
		});
		for (const holds of [false, false, true, false]) {
			isHeld = holds;
			const before = memory.length;
			client.write('PING\r\n');
			await until(() => memory.length > before, 'the bytes');
		}
		expect(memory).toHaveLength(4);
		expect(memory.map((piece) => piece === memory[0])).toEqual([true, true, true, false]);
	});

	it('keeps no more memory than twice what is held, however small the pieces', async () => {
		const held: Buffer[] = [];
		const client = await openPair((accepted) => {
			adoptSocket(accepted, new ReadBuffers(), (piece) => held.push(piece) > 0);
		});
		client.setNoDelay(true);
		client.write(bytes.subarray(0, 100_000));
		await until(() => held.some(({buffer}) => buffer.byteLength === 65_536), 'a large buffer');
		for (let pieces = 0; pieces < 40; pieces++) {
			const before = held.length;
			client.write(bytes.subarray(0, 3000));
			await until(() => held.length > before, 'the bytes');
		}
		const memory = [...new Set(held.map(({buffer}) => buffer))].reduce((sum, {byteLength}) => sum + byteLength, 0);
		const size = held.reduce((sum, {length}) => sum + length, 0);
		// Besides, the first piece that is held takes its buffer along.
		expect(memory).toBeLessThan(2 * size + 65_536);
		expect(Buffer.concat(held).subarray(0, 100_000).equals(bytes.subarray(0, 100_000))).toBe(true);
	});

	it('has a small buffer again after many small reads', async () => {
		const sizes: number[] = [];
		const client = await openPair((accepted) => {
			adoptSocket(accepted, new ReadBuffers(), (piece) => {
				sizes.push(piece.buffer.byteLength);
				return false;
			});
		});
		client.write(bytes.subarray(0, 100_000));
		await until(() => sizes.includes(65_536), 'a large buffer');
		for (let reads = 0; reads < 200 && sizes.at(-1) !== 2048; reads++) {
			const before = sizes.length;
			client.write('PING\r\n');
			await until(() => sizes.length > before, 'the bytes');
		}
		expect(sizes.at(-1)).toBe(2048);
	});

	it('is read as any other where Node.js has no such thing', async () => {
		let received = '';
		const client = await openPair((accepted) => {
			Object.defineProperty(Reflect.get(accepted, '_handle'), 'useUserBuffer', {value: undefined});
			const socket = adoptSocket(accepted, new ReadBuffers(), (piece) => {
				received += piece.toString();
				return false;
			});
			expect(socket).toBe(accepted);
		});
		client.write('PING\r\n');
		await until(() => received === 'PING\r\n', 'the bytes');
	});
});

describe('the check that sockets can be read that way', () => {
	it('finds that they can here, and that any can be read as usual', async () => {
		expect(await canAdopt()).toBe(true);
		expect(await tryTakeOver(readSocket)).toBe(true);
	});

	it.each<[string, TakeOver]>([
		['throws', () => expect.unreachable()],
		[
			'does not tell of all bytes',
			(accepted, buffers, onBytes) => adoptSocket(accepted, buffers, (bytes) => onBytes(bytes.subarray(1))),
		],
		[
			'does not get the connection',
			(accepted) => readSocket(accepted.destroy() && new Socket(), new ReadBuffers(), () => false),
		],
	])('finds that they cannot where the new socket %s', async (_what, takeOver) => {
		expect(await tryTakeOver(takeOver)).toBe(false);
	});
});
