import {describe, expect, it} from 'vitest';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {startPeerServer} from '../support/peer-server.js';
import {errorLines, okLine, RedisProxyFixture} from '../support/proxy-fixtures.js';
import {itReal} from '../support/real-redis.js';
import {bulk, request} from '../support/resp.js';
import {until} from '../support/until.js';

describe('error replies on special connections', () => {
	const fixture = new RedisProxyFixture();

	it('keep their place behind a blocking command', async () => {
		const wire = fixture.open();
		fixture.inject('OOM');
		const text = request('BLPOP', 'list', '5') + request('SET', 'a', 'b') + request('PING');
		wire.send(text);
		await until(() => fixture.proxy.bytes().up === text.length, 'the requests');
		expect(wire.text()).toBe('');
		await fixture.open(fixture.redis.port).ask(request('RPUSH', 'list', 'item'), ':1\r\n');
		const all = `*2\r\n${bulk('list')}${bulk('item')}${errorLines.OOM}+PONG\r\n`;
		await until(() => wire.received >= all.length, 'all replies');
		expect(wire.text()).toBe(all);
	});

	it('are not sent where CLIENT REPLY turns replies off', async () => {
		const wire = fixture.open();
		fixture.inject('READONLY');
		await wire.ask(
			request('CLIENT', 'REPLY', 'SKIP') +
				request('SET', 'a', '1') +
				request('SET', 'a', '2') +
				request('CLIENT', 'REPLY', 'OFF') +
				request('SET', 'a', '3') +
				request('GET', 'key') +
				request('CLIENT', 'REPLY', 'ON') +
				request('GET', 'a'),
			`${errorLines.READONLY}${okLine}$-1\r\n`,
		);
	});

	it.each(['READONLY', 'OOM'] as const)(
		'take no answer from the command after one that CLIENT REPLY SKIP silences: %s',
		async (error) => {
			const wire = fixture.open();
			fixture.inject(error);
			const skip = request('CLIENT', 'REPLY', 'SKIP');
			const set = request('SET', 'a', '1');
			const get = request('GET', 'key');
			await wire.ask(skip + set + get + set + get, bulk('value') + errorLines[error] + bulk('value'));
			// One that reaches Redis is silenced there.
			await wire.ask(skip + get + set + skip + skip + set + get, errorLines[error] + bulk('value'));
		},
	);

	it('leave nothing behind of CLIENT CACHING, which was meant for the refused command', async () => {
		const wire = fixture.open();
		wire.send(request('HELLO', '3') + request('CLIENT', 'TRACKING', 'ON', 'OPTIN'));
		await until(() => wire.text().endsWith(okLine), 'tracking');
		fixture.inject('READONLY');
		const caching = request('CLIENT', 'CACHING', 'YES');
		await wire.ask(
			caching + request('SET', 'a', '1') + request('GET', 'key'),
			okLine + errorLines.READONLY + bulk('value'),
		);
		await fixture.open(fixture.redis.port).ask(request('SET', 'key', 'other'), okLine);
		// An invalidation would come before the reply.
		await wire.ask(request('PING'), '+PONG\r\n');
	});

	it('stay in step with a RESP2 subscriber: confirmations and messages are no replies', async () => {
		const wire = fixture.open();
		const confirm = (kind: string, channel: string, count: number) =>
			`*3\r\n${bulk(kind)}${bulk(channel)}:${count}\r\n`;
		fixture.inject('LOADING');
		await wire.ask(
			request('SUBSCRIBE', 'a', 'b') + request('PING'),
			confirm('subscribe', 'a', 1) + confirm('subscribe', 'b', 2) + errorLines.LOADING,
		);
		const publisher = fixture.open(fixture.redis.port);
		publisher.send(request('PUBLISH', 'a', 'one') + request('PUBLISH', 'b', 'two'));
		const messages = `*3\r\n${bulk('message')}${bulk('a')}${bulk('one')}*3\r\n${bulk('message')}${bulk('b')}${bulk('two')}`;
		await until(() => wire.text().endsWith(messages), 'the messages');
		wire.send(request('PING') + request('UNSUBSCRIBE') + request('GET', 'key'));
		// Redis unsubscribes in an order of its own.
		const [first, second] = [confirm('unsubscribe', 'a', 1), confirm('unsubscribe', 'b', 0)];
		const [other, last] = [confirm('unsubscribe', 'b', 1), confirm('unsubscribe', 'a', 0)];
		const ends = [first + second, other + last].map((both) => errorLines.LOADING + both + errorLines.LOADING);
		await until(() => ends.some((end) => wire.text().endsWith(end)), 'both confirmations between the errors');
		fixture.proxy.heal();
		await wire.ask(
			request('GET', 'key') + request('SUBSCRIBE') + request('GET', 'key'),
			`${bulk('value')}-ERR wrong number of arguments for 'subscribe' command\r\n${bulk('value')}`,
		);
	});

	it('stay in step with RESP3: pushes are no replies', async () => {
		const wire = fixture.open();
		wire.send(request('HELLO', '3'));
		await until(() => wire.text().includes('modules'), 'the answer to HELLO');
		await until(() => wire.text().endsWith('*0\r\n'), 'all of it');
		await wire.ask(
			request('CLIENT', 'TRACKING', 'ON') + request('GET', 'key') + request('HGETALL', 'none'),
			`${okLine}${bulk('value')}%0\r\n`,
		);
		fixture.inject('READONLY');
		await fixture.open(fixture.redis.port).ask(request('SET', 'key', 'new'), okLine);
		const push = `>2\r\n${bulk('invalidate')}*1\r\n${bulk('key')}`;
		await until(() => wire.text().endsWith(push), 'the invalidation');
		await wire.ask(
			request('SET', 'a', 'b') + request('GET', 'key') + request('SET', 'a', 'b'),
			errorLines.READONLY + bulk('new') + errorLines.READONLY,
		);
		await wire.ask(
			request('SUBSCRIBE', 'a') + request('SET', 'a', 'b') + request('PING'),
			`>3\r\n${bulk('subscribe')}${bulk('a')}:1\r\n${errorLines.READONLY}+PONG\r\n`,
		);
	});

	itReal(
		'are not sent after a transaction that subscribes to several channels, which Redis answers with more than it announces',
		async () => {
			const wire = fixture.open();
			wire.send(request('MULTI') + request('SUBSCRIBE', 'a', 'b', 'c') + request('GET', 'key') + request('EXEC'));
			await until(() => wire.text().endsWith(bulk('value')), 'the last part of the transaction');
			fixture.inject('READONLY');
			wire.send(request('UNSUBSCRIBE') + request('SET', 'a', 'b'));
			await until(() => wire.text().endsWith(okLine), 'the reply of the server');
			expect(wire.text()).not.toContain(errorLines.READONLY);
		},
	);

	itReal('are not sent on a connection after MONITOR, whose replies cannot be told apart', async () => {
		const wire = fixture.open();
		fixture.inject('READONLY');
		wire.send(request('SET', 'a', 'b') + request('MONITOR'));
		await until(() => wire.text() === errorLines.READONLY + okLine, 'both replies');
		await fixture.open(fixture.redis.port).ask(request('GET', 'key'), bulk('value'));
		await until(() => wire.text().includes('"GET" "key"'), 'what the server monitors');
		expect(fixture.events).toContain('opaque');
	});

	it('are not sent on a connection that does not speak the Redis protocol', async () => {
		const echo = await startPeerServer();
		const plain = await startFaultProxy({
			target: {host: '127.0.0.1', port: echo.port},
			onEvent: ({type}) => fixture.events.push(type),
		});
		try {
			plain.add({kind: 'error', error: 'LOADING'});
			const wire = fixture.open(plain.port);
			const bytes = `*2\r\nnonsense${'\u0000\u00ff'.repeat(100)}`;
			await wire.ask(bytes, bytes);
			await wire.ask('GET key\r\n', 'GET key\r\n');
			expect(fixture.events).toContain('opaque');
			// A TLS handshake, whose supported groups always look like the end of a line.
			const tls = fixture.open(plain.port);
			const hello = '\x16\x03\x01\x00\x20 hello \x00\n and so on';
			await tls.ask(hello, hello);
			expect(fixture.events).toEqual(['added', 'opaque', 'opaque']);
		} finally {
			await plain.close();
			await echo.close();
		}
	});
});
