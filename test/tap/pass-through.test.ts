import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {startTap} from '../../source/tap/tap.js';
import {type Frame, framesOf} from '../support/frame-reader.js';
import {startPeerServer} from '../support/peer-server.js';
import {RawConnection} from '../support/raw-connection.js';
import {cutAt, request} from '../support/resp.js';
import {until} from '../support/until.js';
import {TapFixture} from './support/tap-fixture.js';

const key = fc.constantFrom('user:1', 'user:2', 'user:33', 'page:home', 'list');
const value = fc.oneof(fc.constantFrom('', 'x', '\r\n$-1\r\n', '*3\r\n'), fc.string({maxLength: 2000}));

/** Commands whose replies depend on nothing but the ones before. */
const command = fc.oneof(
	key.map((name) => ['GET', name]),
	fc.array(key, {minLength: 1, maxLength: 4}).map((names) => ['MGET', ...names]),
	fc.tuple(key, value).map(([name, text]) => ['SET', name, text]),
	fc.tuple(key, value).map(([name, text]) => ['SET', name, text, 'EX', '100']),
	key.map((name) => ['DEL', name]),
	key.map((name) => ['LPUSH', name, 'a', 'b']),
	key.map((name) => ['HGETALL', name]),
	key.map((name) => ['STRLEN', name]),
	fc.constantFrom(['MULTI'], ['EXEC'], ['DISCARD'], ['PING'], ['NO-SUCH-COMMAND'], ['SELECT', '0'], ['ECHO', 'hi']),
	fc.constantFrom(['SUBSCRIBE', 'c'], ['PUBLISH', 'c', 'message'], ['UNSUBSCRIBE', 'c']),
);

const isNull = ({head}: Frame): boolean => head === '$-1\r\n' || head === '_\r\n';

/** Hits and misses by the replies alone. Without transactions and subscriptions, each command has one reply. */
function countHits(commands: readonly (readonly string[])[], replies: string): {hits: number; misses: number} {
	const frames = framesOf(replies);
	let hits = 0;
	let misses = 0;
	for (const [index, [name = '']] of commands.entries()) {
		const frame = frames[index];
		if (frame === undefined) throw new Error('a reply is missing');
		if (frame.head.startsWith('-')) continue;
		const parts = name === 'MGET' ? frame.items : name === 'GET' ? [frame] : [];
		for (const part of parts) isNull(part) ? misses++ : hits++;
		if (name === 'HGETALL') frame.items.length === 0 ? misses++ : hits++;
	}
	return {hits, misses};
}

describe('the tap', () => {
	const unreadable: string[] = [];
	const fixture = new TapFixture({onUnreadable: (reason) => unreadable.push(reason)});

	/** Sends the bytes in these pieces, and returns everything that comes back. */
	async function exchange(port: number, bytes: Buffer, cuts: readonly number[], resp: 2 | 3): Promise<string> {
		const connection = await RawConnection.open(port, resp);
		const before = connection.received;
		for (const piece of cutAt(bytes, cuts)) {
			connection.socket.write(piece);
			if (cuts.length < 5) await new Promise((resolve) => setImmediate(resolve));
		}
		connection.send(request('QUIT'));
		await connection.untilClosed();
		connection.close();
		return connection.text().slice(before);
	}

	it('passes on any commands and replies unchanged, however they are cut, and counts what a model of them counts', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(command, {maxLength: 60}),
				fc.array(fc.nat(), {maxLength: 8}),
				fc.constantFrom(2 as const, 3 as const),
				async (commands, cuts, resp) => {
					const bytes = Buffer.from(commands.map((words) => request(...words)).join(''));
					const {redis, tap} = fixture;
					const start = Buffer.from(request('FLUSHALL'));
					await exchange(redis.port, start, [], resp);
					const direct = await exchange(redis.port, bytes, cuts, resp);
					await exchange(redis.port, start, [], resp);
					const before = tap.snapshot();
					const tapped = await exchange(tap.proxy.port, bytes, cuts, resp);
					expect(tapped).toBe(direct);
					await until(() => tap.snapshot().connections.open === 0, 'the connection to be gone');
					const after = tap.snapshot();
					const handshake = resp === 3 ? 1 : 0;
					expect(after.commands.total - before.commands.total).toBe(commands.length + 1 + handshake);
					expect(unreadable).toEqual([]);
					expect(after.commands.lost).toBe(0);
					const isSimple = commands.every(([name = '']) => !/MULTI|SUBSCRIBE|PUBLISH/.test(name));
					if (!isSimple) return;
					const {hits, misses} = countHits(commands, direct);
					expect({
						hits: after.reads.hits - before.reads.hits,
						misses: after.reads.misses - before.reads.misses,
					}).toEqual({
						hits,
						misses,
					});
				},
			),
			{numRuns: 25},
		);
	});

	it('passes on anything unchanged that is not the protocol of Redis, in both directions', async () => {
		const peer = await startPeerServer('echo');
		const tap = await startTap({target: {host: '127.0.0.1', port: peer.port}, listen: {host: '127.0.0.1', port: 0}});
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.uint8Array({minLength: 1, maxLength: 3000}),
					fc.string({minLength: 1}).map((text) => Buffer.from(`*1\r\n$4\r\nPING\r\n${text}`)),
				),
				fc.array(fc.nat(), {maxLength: 4}),
				async (bytes, cuts) => {
					const connection = await RawConnection.open(tap.proxy.port);
					for (const piece of cutAt(Buffer.from(bytes), cuts)) connection.socket.write(piece);
					await until(() => connection.received >= bytes.length, 'the echo');
					expect(connection.text()).toBe(Buffer.from(bytes).toString('latin1'));
					connection.close();
				},
			),
			{numRuns: 40},
		);
		await tap.close();
		await peer.close();
	});

	it('passes on a value of many megabytes without keeping it', async () => {
		const {tap} = fixture;
		const connection = await RawConnection.open(tap.proxy.port);
		const value = 'v'.repeat(8 * 1024 * 1024);
		await connection.ask(request('SET', 'big', value), '+OK\r\n');
		connection.send(request('GET', 'big'));
		await until(() => connection.received > value.length, 'the value');
		expect(tap.snapshot().bigValues[0]).toEqual({key: 'big', bytes: expect.closeTo(value.length, -3)});
		connection.close();
	});

	it('reports the commands of a fault as the application sees them', async () => {
		const {tap} = fixture;
		const connection = await RawConnection.open(tap.proxy.port);
		const fault = tap.proxy.add({kind: 'error', error: 'READONLY'});
		await connection.ask(request('SET', 'a', '1'), "-READONLY You can't write against a read only replica.\r\n");
		expect(tap.snapshot().errors.READONLY).toBe(1);
		tap.proxy.lift(fault.id);
		const hole = tap.proxy.add({kind: 'blackhole'});
		connection.send(request('GET', 'a'));
		await until(() => tap.snapshot().connections.longestWaitMs > 0, 'the command to wait');
		expect(tap.snapshot().connections.busy).toBe(1);
		const before = tap.snapshot().commands.lost;
		tap.proxy.lift(hole.id);
		await until(() => tap.snapshot().commands.lost === before + 1, 'the command to be lost with its connection');
	});

	it('counts the refusal of a request that came in parts, also if the fault is lifted meanwhile', async () => {
		const {tap} = fixture;
		const connection = await RawConnection.open(tap.proxy.port);
		const refused = () => tap.snapshot().errors.READONLY ?? 0;
		const refusal = "-READONLY You can't write against a read only replica.\r\n";
		const set = request('SET', 'parts', 'x'.repeat(100));
		const before = {refused: refused(), busy: tap.snapshot().connections.busy};
		for (const isLifted of [false, true]) {
			const fault = tap.proxy.add({kind: 'error', error: 'READONLY'});
			await connection.ask(request('GET', 'nothing') + set.slice(0, 60), '$-1\r\n');
			if (isLifted) tap.proxy.lift(fault.id);
			await connection.ask(set.slice(60) + request('GET', 'nothing'), `${refusal}$-1\r\n`);
			tap.proxy.lift(fault.id);
		}
		expect(refused()).toBe(before.refused + 2);
		expect(tap.snapshot().connections.busy).toBe(before.busy);
		connection.close();
	});

	it('answers the inquiry of another tap at the beginning of a connection, and passes it on anywhere else', async () => {
		const inquiry = request('ECHO', 'redis-cache-tui-tap?');
		const asked = new RawConnection(fixture.tap.proxy.port);
		asked.socket.write(inquiry);
		await until(() => asked.ended() === 'end', 'the end');
		expect(asked.text()).toBe('+redis-cache-tui-tap\r\n');
		asked.close();
		const client = await RawConnection.open(fixture.tap.proxy.port);
		await client.call(['PING']);
		client.socket.write(inquiry);
		await until(() => client.text().endsWith('redis-cache-tui-tap?\r\n'), 'the reply of the server');
		expect(client.text()).toBe('+PONG\r\n$20\r\nredis-cache-tui-tap?\r\n');
		client.close();
	});
});
