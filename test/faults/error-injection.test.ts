import fc from 'fast-check';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {WireFault} from '../../source/faults/fault.js';
import {type FaultProxy, startFaultProxy} from '../../source/faults/fault-proxy.js';
import {itReal} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {bulk, cutAt, request} from './resp.js';
import {client, peerServer, type WireClient} from './wire.js';

type ErrorName = Extract<WireFault, {kind: 'error'}>['error'];

const lines = {
	LOADING: '-LOADING Redis is loading the dataset in memory\r\n',
	READONLY: "-READONLY You can't write against a read only replica.\r\n",
	OOM: "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
	CLUSTERDOWN: '-CLUSTERDOWN The cluster is down\r\n',
};
const ok = '+OK\r\n';
const aborted = '-EXECABORT Transaction discarded because of previous errors.\r\n';

describe('error replies in place of answers', () => {
	let redis: RedisProcess;
	let proxy: FaultProxy;
	let events: string[] = [];
	let clients: WireClient[] = [];

	const open = (port = proxy.port): WireClient => {
		const opened = client(port);
		clients.push(opened);
		return opened;
	};
	const inject = (error: ErrorName, probability = 1) => proxy.add({kind: 'error', error, probability});

	beforeAll(async () => {
		redis = await startRedisProcess();
	});

	beforeEach(async () => {
		events = [];
		proxy = await startFaultProxy({target: redis, onEvent: ({type}) => events.push(type)});
		const direct = open(redis.port);
		await direct.ask(request('FLUSHALL'), ok);
		await direct.ask(request('SET', 'key', 'value'), ok);
	});

	afterEach(async () => {
		for (const {socket} of clients) socket.destroy();
		clients = [];
		await proxy.close();
	});

	afterAll(() => redis.close());

	it('answers only writes with READONLY, and lets nothing of them reach Redis', async () => {
		const wire = open();
		await wire.ask(request('PING'), '+PONG\r\n');
		const fault = inject('READONLY');
		await wire.ask(
			request('SET', 'key', 'changed') + request('GET', 'key') + request('del', 'key'),
			lines.READONLY + bulk('value') + lines.READONLY,
		);
		await wire.ask(request('EVAL', 'return redis.call("GET", KEYS[1])', '1', 'key'), lines.READONLY);
		await wire.ask(`${request('CLIENT', 'SETNAME', 'me') + request('SELECT', '0')}PING\r\n`, `${ok}${ok}+PONG\r\n`);
		await wire.ask('set key inline\r\n', lines.READONLY);
		proxy.lift(fault.id);
		await wire.ask(request('GET', 'key') + request('SET', 'key', 'changed'), bulk('value') + ok);
	});

	it('answers only what needs memory with OOM', async () => {
		const wire = open();
		inject('OOM');
		await wire.ask(
			request('SET', 'key', 'more') + request('DEL', 'key') + request('GET', 'key'),
			`${lines.OOM}:1\r\n$-1\r\n`,
		);
	});

	it('answers everything but the handshake with LOADING, on a connection opened under it too', async () => {
		inject('LOADING');
		const wire = open();
		await wire.ask(
			request('CLIENT', 'SETNAME', 'me') + request('GET', 'key') + request('PING') + request('SELECT', '0'),
			ok + lines.LOADING + lines.LOADING + ok,
		);
	});

	it('answers only commands with keys with CLUSTERDOWN', async () => {
		const wire = open();
		inject('CLUSTERDOWN');
		await wire.ask(request('GET', 'key') + request('PING') + request('DBSIZE'), `${lines.CLUSTERDOWN}+PONG\r\n:1\r\n`);
	});

	it('is never out of step, however requests are cut and whenever faults come and go', async () => {
		const keys = Array.from({length: 50}, (_, index) => `k${index}`);
		const direct = open(redis.port);
		await direct.ask(
			request('MSET', ...keys.flatMap((key, index) => [key, `${index}`.repeat((index % 7) * 40 + 1)])),
			ok,
		);
		const value = (index: number) => `${index}`.repeat((index % 7) * 40 + 1);
		const command = fc.oneof(
			fc.nat(49).map((index) => ({text: request('GET', `k${index}`), reply: bulk(value(index))})),
			fc.array(fc.nat(49), {minLength: 1, maxLength: 5}).map((indexes) => ({
				text: request('MGET', ...indexes.map((index) => `k${index}`)),
				reply: `*${indexes.length}\r\n${indexes.map((index) => bulk(value(index))).join('')}`,
			})),
			fc.nat(49).map((index) => ({text: `GET k${index}\r\n`, reply: bulk(value(index))})),
			fc.constant({text: request('PING'), reply: '+PONG\r\n'}),
			fc.constant({text: request('ECHO', '*1\r\n$4\r\nPING\r\n'), reply: bulk('*1\r\n$4\r\nPING\r\n')}),
			fc.constant({text: request('LRANGE', 'none', '0', '-1'), reply: '*0\r\n'}),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(command, {minLength: 1, maxLength: 60}),
				fc.array(fc.nat(), {maxLength: 25}),
				fc.infiniteStream(fc.integer({min: 0, max: 3})),
				async (commands, cuts, toggles) => {
					const wire = open();
					for (const chunk of cutAt(Buffer.from(commands.map(({text}) => text).join('')), cuts)) {
						const toggle = toggles.next().value;
						if (toggle === 1) inject('CLUSTERDOWN', 0.5);
						if (toggle === 2) inject('LOADING', 0.5);
						if (toggle === 3) proxy.heal();
						wire.socket.write(chunk);
						// Each piece on its own, so that Redis answers between them.
						await new Promise((resolve) => setImmediate(resolve));
					}
					proxy.heal();
					wire.send(request('ECHO', 'the end'));
					await until(() => wire.text().endsWith(bulk('the end')), 'the last reply');
					let rest = wire.text();
					for (const {text, reply} of commands) {
						const given = [lines.CLUSTERDOWN, lines.LOADING, reply].find((candidate) => rest.startsWith(candidate));
						expect(given, `reply to ${JSON.stringify(text)}, at ${JSON.stringify(rest.slice(0, 60))}`).toBeDefined();
						rest = rest.slice(given?.length ?? 0);
					}
					expect(rest).toBe(bulk('the end'));
					wire.socket.destroy();
				},
			),
			{numRuns: 60},
		);
	});

	it('waits for the end of a command that is half sent when the fault comes', async () => {
		const wire = open();
		const text = request('SET', 'key', 'whole');
		wire.send(text.slice(0, -4));
		await until(() => proxy.bytes().up === text.length - 4, 'the first part');
		inject('READONLY');
		await wire.ask(text.slice(-4), ok);
		await wire.ask(request('SET', 'key', 'next'), lines.READONLY);
		proxy.heal();
		await wire.ask(request('GET', 'key'), bulk('whole'));
	});

	it('passes large values through, and drops them whole when it answers in their place', async () => {
		const wire = open();
		const large = 'v'.repeat(8 * 1024 * 1024);
		inject('READONLY');
		await wire.ask(request('SET', 'large', large) + request('GET', 'key'), lines.READONLY + bulk('value'));
		proxy.heal();
		inject('OOM', 0);
		await wire.ask(request('SET', 'large', large) + request('GET', 'large'), ok + bulk(large));
	});

	describe('in transactions', () => {
		it('makes EXEC fail when a command in it was refused, and changes nothing', async () => {
			const wire = open();
			inject('READONLY');
			await wire.ask(
				request('MULTI') + request('GET', 'key') + request('SET', 'key', 'x') + request('EXEC'),
				`${ok}+QUEUED\r\n${lines.READONLY}${aborted}`,
			);
			await wire.ask(request('GET', 'key'), bulk('value'));
			proxy.heal();
			await wire.ask(request('MULTI') + request('SET', 'key', 'x') + request('EXEC'), `${ok}+QUEUED\r\n*1\r\n${ok}`);
		});

		it('makes EXEC fail although the fault was lifted before it', async () => {
			const wire = open();
			const fault = inject('LOADING');
			await wire.ask(request('MULTI') + request('SET', 'key', 'x'), ok + lines.LOADING);
			proxy.lift(fault.id);
			inject('READONLY', 0);
			await wire.ask(request('SET', 'key', 'y') + request('EXEC'), `+QUEUED\r\n${aborted}`);
			await wire.ask(request('GET', 'key'), bulk('value'));
		});

		it('refuses EXEC when the fault comes after writes were queued', async () => {
			const wire = open();
			await wire.ask(request('MULTI') + request('SET', 'key', 'x'), `${ok}+QUEUED\r\n`);
			inject('READONLY');
			await wire.ask(
				request('EXEC') + request('GET', 'key'),
				`-EXECABORT Transaction discarded because of: ${lines.READONLY.slice(1)}${bulk('value')}`,
			);
		});

		it('lets DISCARD work', async () => {
			const wire = open();
			inject('READONLY');
			await wire.ask(
				request('MULTI') + request('SET', 'key', 'x') + request('DISCARD') + request('GET', 'key'),
				ok + lines.READONLY + ok + bulk('value'),
			);
		});
	});

	itReal('says what a Redis that is really read-only, or full, says', async () => {
		const broken = await startRedisProcess();
		try {
			const commands = [
				[['SET', 'a', 'b'], ['GET', 'a'], ['PING']],
				[['MULTI'], ['SET', 'a', 'b'], ['EXEC']],
				[['MULTI'], ['GET', 'a'], ['SET', 'a', 'b'], ['GET', 'a'], ['EXEC'], ['PING']],
				[['MULTI'], ['SET', 'a', 'b'], ['DISCARD'], ['EXEC']],
				[['MULTI'], ['EXEC'], ['LPUSH', 'l', 'x'], ['TTL', 'a'], ['HSET', 'h', 'f', 'v']],
				[
					['INFO', 'nothing'],
					['CLIENT', 'SETNAME', 'me'],
					['SELECT', '0'],
					['ECHO', 'hi'],
					['TYPE', 'a'],
				],
			];
			const setups: [ErrorName, string][] = [
				['READONLY', request('REPLICAOF', '127.0.0.1', '1')],
				['OOM', request('REPLICAOF', 'NO', 'ONE') + request('CONFIG', 'SET', 'maxmemory', '1')],
			];
			for (const [error, setup] of setups) {
				const control = open(broken.port);
				control.send(setup + request('ECHO', 'set up'));
				await until(() => control.text().endsWith(bulk('set up')), 'the setup');
				await open().ask(request('FLUSHALL'), ok);
				const fault = inject(error);
				for (const batch of commands) {
					const text = batch.map((words) => request(...words)).join('') + request('ECHO', 'the end');
					const [real, injected] = [open(broken.port), open()];
					for (const wire of [real, injected]) {
						wire.send(text);
						await until(() => wire.text().endsWith(bulk('the end')), 'the replies');
					}
					expect(injected.text(), `${error}: ${JSON.stringify(batch)}`).toBe(real.text());
				}
				proxy.lift(fault.id);
			}
		} finally {
			await broken.close();
		}
	});

	it('keeps its place behind a command that blocks', async () => {
		const wire = open();
		inject('OOM');
		const text = request('BLPOP', 'list', '5') + request('SET', 'a', 'b') + request('PING');
		wire.send(text);
		await until(() => proxy.bytes().up === text.length, 'the requests');
		expect(wire.text()).toBe('');
		await open(redis.port).ask(request('RPUSH', 'list', 'item'), ':1\r\n');
		const all = `*2\r\n${bulk('list')}${bulk('item')}${lines.OOM}+PONG\r\n`;
		await until(() => wire.text().length >= all.length, 'all replies');
		expect(wire.text()).toBe(all);
	});

	it('keeps silent where the client asked for no replies', async () => {
		const wire = open();
		inject('READONLY');
		await wire.ask(
			request('CLIENT', 'REPLY', 'SKIP') +
				request('SET', 'a', '1') +
				request('SET', 'a', '2') +
				request('CLIENT', 'REPLY', 'OFF') +
				request('SET', 'a', '3') +
				request('GET', 'key') +
				request('CLIENT', 'REPLY', 'ON') +
				request('GET', 'a'),
			`${lines.READONLY}${ok}$-1\r\n`,
		);
	});

	it('follows a RESP2 subscriber: confirmations and messages are no replies', async () => {
		const wire = open();
		const confirm = (kind: string, channel: string, count: number) =>
			`*3\r\n${bulk(kind)}${bulk(channel)}:${count}\r\n`;
		inject('LOADING');
		await wire.ask(
			request('SUBSCRIBE', 'a', 'b') + request('PING'),
			confirm('subscribe', 'a', 1) + confirm('subscribe', 'b', 2) + lines.LOADING,
		);
		const publisher = open(redis.port);
		publisher.send(request('PUBLISH', 'a', 'one') + request('PUBLISH', 'b', 'two'));
		const messages = `*3\r\n${bulk('message')}${bulk('a')}${bulk('one')}*3\r\n${bulk('message')}${bulk('b')}${bulk('two')}`;
		await until(() => wire.text().endsWith(messages), 'the messages');
		wire.send(request('PING') + request('UNSUBSCRIBE') + request('GET', 'key'));
		// Redis unsubscribes in an order of its own.
		const [first, second] = [confirm('unsubscribe', 'a', 1), confirm('unsubscribe', 'b', 0)];
		const [other, last] = [confirm('unsubscribe', 'b', 1), confirm('unsubscribe', 'a', 0)];
		const ends = [first + second, other + last].map((both) => lines.LOADING + both + lines.LOADING);
		await until(() => ends.some((end) => wire.text().endsWith(end)), 'both confirmations between the errors');
		proxy.heal();
		await wire.ask(
			request('GET', 'key') + request('SUBSCRIBE') + request('GET', 'key'),
			`${bulk('value')}-ERR wrong number of arguments for 'subscribe' command\r\n${bulk('value')}`,
		);
	});

	it('follows RESP3: pushes come in between and count for nothing', async () => {
		const wire = open();
		wire.send(request('HELLO', '3'));
		await until(() => wire.text().includes('modules'), 'the answer to HELLO');
		await until(() => wire.text().endsWith('*0\r\n'), 'all of it');
		await wire.ask(
			request('CLIENT', 'TRACKING', 'ON') + request('GET', 'key') + request('HGETALL', 'none'),
			`${ok}${bulk('value')}%0\r\n`,
		);
		inject('READONLY');
		await open(redis.port).ask(request('SET', 'key', 'new'), ok);
		const push = `>2\r\n${bulk('invalidate')}*1\r\n${bulk('key')}`;
		await until(() => wire.text().endsWith(push), 'the invalidation');
		await wire.ask(
			request('SET', 'a', 'b') + request('GET', 'key') + request('SET', 'a', 'b'),
			lines.READONLY + bulk('new') + lines.READONLY,
		);
		await wire.ask(
			request('SUBSCRIBE', 'a') + request('SET', 'a', 'b') + request('PING'),
			`>3\r\n${bulk('subscribe')}${bulk('a')}:1\r\n${lines.READONLY}+PONG\r\n`,
		);
	});

	itReal('leaves a connection alone from MONITOR on, since nobody can tell its replies apart', async () => {
		const wire = open();
		inject('READONLY');
		wire.send(request('SET', 'a', 'b') + request('MONITOR'));
		await until(() => wire.text() === lines.READONLY + ok, 'both replies');
		await open(redis.port).ask(request('GET', 'key'), bulk('value'));
		await until(() => wire.text().includes('"GET" "key"'), 'what the server monitors');
		expect(events).toContain('opaque');
	});

	it('leaves bytes alone that are not the Redis protocol', async () => {
		const echo = await peerServer();
		const plain = await startFaultProxy({
			target: {host: '127.0.0.1', port: echo.port},
			onEvent: ({type}) => events.push(type),
		});
		try {
			plain.add({kind: 'error', error: 'LOADING'});
			const wire = open(plain.port);
			const bytes = `*2\r\nnonsense${'\u0000\u00ff'.repeat(100)}`;
			await wire.ask(bytes, bytes);
			await wire.ask('GET key\r\n', 'GET key\r\n');
			expect(events).toContain('opaque');
		} finally {
			await plain.close();
			await echo.close();
		}
	});

	it('works together with latency and slices', async () => {
		const wire = open();
		inject('READONLY');
		proxy.add({kind: 'slice', bytes: 3});
		proxy.add({kind: 'latency', delayMs: 20});
		const startedAt = performance.now();
		await wire.ask(
			request('SET', 'a', 'b') + request('GET', 'key') + request('SET', 'a', 'b'),
			lines.READONLY + bulk('value') + lines.READONLY,
		);
		expect(performance.now() - startedAt).toBeGreaterThan(38);
	});
});
