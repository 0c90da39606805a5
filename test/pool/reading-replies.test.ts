import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {type AddressInfo, createConnection} from 'node:net';
import {type ConnectionOptions, createServer} from 'node:tls';
import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {CommandChannel} from '../../source/pool/commands/command-channel.js';
import {ErrorReplies} from '../../source/pool/commands/error-replies.js';
import {clientOptions} from '../../source/pool/connection/client-options.js';
import {NodeConnection} from '../../source/pool/connection/node-connection.js';
import {DeadlineError, ServerError} from '../../source/pool/errors.js';
import {parseRedisUrl} from '../../source/pool/redis-url.js';
import type {Argument} from '../../source/pool/types.js';
import {hasOpenssl, makeCertificates} from '../support/certificates.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';

type Inside = {commandQueue: {peekFront(): unknown; peekBack(): unknown}};

let redis: RedisProcess;
const opened: NodeConnection[] = [];

beforeAll(async () => {
	redis = await startRedisProcess();
});

afterEach(() => {
	for (const connection of opened.splice(0)) connection.destroy('the test is over');
});

afterAll(() => redis.close());

/** Commands on a connection of its own. `change` is called when it is ready, before its first command. */
async function open(change: (client: Redis) => void, url = redis.url, tls?: ConnectionOptions) {
	const client = new Redis(clientOptions(parseRedisUrl(url), {connectMs: 5000, tls, clientName: 'reading-replies'}));
	const connection = await new Promise<NodeConnection>((resolve, reject) => {
		const made: NodeConnection = new NodeConnection(
			client,
			redis.url,
			{connectMs: 5000},
			{onReady: () => resolve(made), onDown: reject},
		);
	});
	opened.push(connection);
	const ofIoredis = client.stream.listeners('data');
	change(client);
	connection.readReplies();
	const channel = new CommandChannel({
		redactedUrl: redis.url,
		capacity: 1000,
		missedDeadlines: 10,
		traffic: {inFlight: 0},
		errorReplies: new ErrorReplies(),
		onUnresponsive: (reason) => connection.destroy(reason),
	});
	return {
		channel,
		connection,
		client,
		send: (name: string, args: readonly Argument[] = []) => channel.send(connection, name, args, 5000),
		sendEach: (name: string, args: readonly (readonly Argument[])[]) => channel.sendEach(connection, name, args, 5000),
		isReadByIoredis: () => client.stream.listeners('data').some((listener) => ofIoredis.includes(listener)),
	};
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Commands, pipelines and errors among each other. */
async function expectRightReplies({channel, send, sendEach}: Opened): Promise<void> {
	const replies = [
		send('SET', ['text', 'x']),
		sendEach('RPUSH', [
			['text', 'refused'],
			['list', 'a', 'b'],
		]),
		send('NO-SUCH-COMMAND').catch((error: unknown) => error),
		sendEach('ECHO', [['1'], ['2'], ['3']]),
		send('HGETALL', ['none']),
		send('LRANGE', ['list', 0, -1]),
	];
	expect(await Promise.all(replies)).toEqual([
		Buffer.from('OK'),
		[expect.any(ServerError), 2],
		expect.any(ServerError),
		['1', '2', '3'].map((text) => Buffer.from(text)),
		[],
		[Buffer.from('a'), Buffer.from('b')],
	]);
	expect(channel.inFlight).toBe(0);
	await send('DEL', ['list']);
}

describe('replies on a lane', () => {
	it('are not read by ioredis, in the version that is installed', async () => {
		const connection = await open(() => {});
		expect(connection.isReadByIoredis()).toBe(true);
		await expectRightReplies(connection);
		expect(connection.isReadByIoredis()).toBe(false);
	});

	it('keep their bytes while further replies are read, large ones and small ones', async () => {
		const {send} = await open(() => {});
		const texts = Array.from({length: 300}, (_, index) => String(index).padStart((index * 37) % 2000, 'x'));
		for (const text of texts) await send('RPUSH', ['texts', text]);
		const replies: unknown[] = [];
		for (const index of texts.keys()) replies.push(await send('LINDEX', ['texts', index]));
		await send('DEL', ['texts']);
		expect(replies.map(String)).toEqual(texts);
	});

	it('are not given to a receiver that has been told of a missed deadline', async () => {
		const {channel, connection, send} = await open(() => {});
		const told: unknown[] = [];
		await new Promise<void>((resolve) => {
			const receiver = {
				onReply: (reply: unknown) => told.push(reply),
				onError(error: Error) {
					told.push(error);
					resolve();
				},
			};
			channel.sendFor(receiver, connection, {name: 'BLPOP', args: ['none', 0.4], deadlineMs: 20});
		});
		expect(await send('PING')).toEqual(Buffer.from('PONG'));
		expect(told).toEqual([expect.any(DeadlineError)]);
	});

	it.runIf(hasOpenssl)('are not read by ioredis over TLS either', async () => {
		const certificates = makeCertificates();
		const {cert, key} = certificates.server;
		const [ca, ...pair] = await Promise.all([certificates.authority, cert, key].map((file) => readFile(file)));
		const proxy = createServer({cert: pair[0], key: pair[1]}, (socket) => {
			const onward = createConnection(redis.port, redis.host);
			socket.on('error', () => onward.destroy());
			onward.on('error', () => socket.destroy());
			socket.pipe(onward).pipe(socket);
		});
		await once(proxy.listen(0, '127.0.0.1'), 'listening');
		const {port} = proxy.address() as AddressInfo;
		const connection = await open(() => {}, `rediss://localhost:${port}`, {ca});
		await expectRightReplies(connection);
		expect(connection.isReadByIoredis()).toBe(false);
		proxy.close();
		certificates.remove();
	});

	it.each<[string, (client: Redis) => void]>([
		[
			'has a queue with other methods',
			(client) =>
				Object.assign((client as unknown as Inside).commandQueue, {peekFront: undefined, peekBack: undefined}),
		],
		[
			'keeps commands in another form',
			(client) => {
				const queue = (client as unknown as Inside).commandQueue;
				const [first, last] = [queue.peekFront.bind(queue), queue.peekBack.bind(queue)];
				Object.assign(queue, {peekFront: () => ({entry: first()}), peekBack: () => ({entry: last()})});
			},
		],
		['reads in more than one place', (client) => void client.stream.on('data', () => {})],
	])('are read by ioredis if it %s', async (_, change) => {
		const connection = await open(change);
		await expectRightReplies(connection);
		expect(connection.isReadByIoredis()).toBe(true);
	});

	it('are read by ioredis if a command of its own is in flight before the first', async () => {
		const connection = await open((client) => void client.call('ECHO', 'own'));
		await expectRightReplies(connection);
		expect(connection.isReadByIoredis()).toBe(true);
	});

	it('are those to commands that a diagnostics channel of ioredis tells of, while anybody subscribes to it', async () => {
		const connection = await open(() => {});
		await expectRightReplies(connection);
		const told: unknown[] = [];
		const listener = (message: unknown) => told.push((message as {command: string}).command);
		subscribe('tracing:ioredis:command:start', listener);
		try {
			await connection.send('ECHO', ['1']);
			expect(told).toEqual(['ECHO']);
			await expectRightReplies(connection);
		} finally {
			unsubscribe('tracing:ioredis:command:start', listener);
		}
		const {length} = told;
		expect(length).toBeGreaterThan(5);
		await expectRightReplies(connection);
		expect(told).toHaveLength(length);
	});

	it('are those to commands that ioredis does not see, unless a tool has replaced its `sendCommand`', async () => {
		const connection = await open(() => {});
		await expectRightReplies(connection);
		// `sendCommand` of ioredis reads it for each command.
		const {condition} = connection.client;
		let sent = 0;
		Object.defineProperty(connection.client, 'condition', {
			get() {
				sent++;
				return condition;
			},
		});
		await expectRightReplies(connection);
		expect(sent).toBe(0);
		const {sendCommand} = Redis.prototype;
		const seen: string[] = [];
		try {
			Redis.prototype.sendCommand = function (...args) {
				seen.push(args[0].name);
				return sendCommand.apply(this, args);
			};
			await expectRightReplies(connection);
			expect(seen).toEqual(expect.arrayContaining(['SET', 'RPUSH', 'NO-SUCH-COMMAND', 'ECHO', 'HGETALL', 'DEL']));
		} finally {
			Redis.prototype.sendCommand = sendCommand;
		}
		sent = 0;
		await expectRightReplies(connection);
		expect(sent).toBe(0);
	});

	it('come from a connection that is written to until it ends, and no longer', async () => {
		const {send, client} = await open(() => {});
		await send('PING');
		client.stream.destroy();
		await expect(send('PING')).rejects.toThrow('PING was not sent');
	});
});
