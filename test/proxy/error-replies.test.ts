import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {errorLines, okLine, RedisProxyFixture} from '../support/proxy-fixtures.js';
import {bulk, cutAt, request} from '../support/resp.js';
import {until} from '../support/until.js';

describe('error replies in place of answers', () => {
	const fixture = new RedisProxyFixture();

	it('answer only writes with READONLY, which do not reach Redis', async () => {
		const wire = fixture.open();
		await wire.ask(request('PING'), '+PONG\r\n');
		const fault = fixture.inject('READONLY');
		await wire.ask(
			request('SET', 'key', 'changed') + request('GET', 'key') + request('del', 'key'),
			errorLines.READONLY + bulk('value') + errorLines.READONLY,
		);
		await wire.ask(request('EVAL', 'return redis.call("GET", KEYS[1])', '1', 'key'), errorLines.READONLY);
		await wire.ask(
			`${request('CLIENT', 'SETNAME', 'me') + request('SELECT', '0')}PING\r\n`,
			`${okLine}${okLine}+PONG\r\n`,
		);
		await wire.ask('set key inline\r\n', errorLines.READONLY);
		fixture.proxy.lift(fault.id);
		await wire.ask(request('GET', 'key') + request('SET', 'key', 'changed'), bulk('value') + okLine);
	});

	it('answer only commands that need memory with OOM', async () => {
		const wire = fixture.open();
		fixture.inject('OOM');
		await wire.ask(
			request('SET', 'key', 'more') + request('DEL', 'key') + request('GET', 'key'),
			`${errorLines.OOM}:1\r\n$-1\r\n`,
		);
	});

	it('answer everything but the handshake with LOADING, also on new connections', async () => {
		fixture.inject('LOADING');
		const wire = fixture.open();
		await wire.ask(
			request('CLIENT', 'SETNAME', 'me') + request('GET', 'key') + request('PING') + request('SELECT', '0'),
			okLine + errorLines.LOADING + errorLines.LOADING + okLine,
		);
	});

	it('answer only commands with keys with CLUSTERDOWN', async () => {
		const wire = fixture.open();
		fixture.inject('CLUSTERDOWN');
		await wire.ask(
			request('GET', 'key') + request('PING') + request('DBSIZE'),
			`${errorLines.CLUSTERDOWN}+PONG\r\n:1\r\n`,
		);
	});

	it('stay in step, however requests are cut and whenever faults are applied and lifted', async () => {
		const keys = Array.from({length: 50}, (_, index) => `k${index}`);
		const direct = fixture.open(fixture.redis.port);
		await direct.ask(
			request('MSET', ...keys.flatMap((key, index) => [key, `${index}`.repeat((index % 7) * 40 + 1)])),
			okLine,
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
					const wire = fixture.open();
					for (const chunk of cutAt(Buffer.from(commands.map(({text}) => text).join('')), cuts)) {
						const toggle = toggles.next().value;
						if (toggle === 1) fixture.inject('CLUSTERDOWN', 0.5);
						if (toggle === 2) fixture.inject('LOADING', 0.5);
						if (toggle === 3) fixture.proxy.heal();
						wire.socket.write(chunk);
						// Each piece in a turn of its own, so that Redis replies between them.
						await new Promise((resolve) => setImmediate(resolve));
					}
					fixture.proxy.heal();
					wire.send(request('ECHO', 'the end'));
					await until(() => wire.text().endsWith(bulk('the end')), 'the last reply');
					let rest = wire.text();
					for (const {text, reply} of commands) {
						const given = [errorLines.CLUSTERDOWN, errorLines.LOADING, reply].find((candidate) =>
							rest.startsWith(candidate),
						);
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

	it('do not affect a command that is half sent when the fault is applied', async () => {
		const wire = fixture.open();
		const text = request('SET', 'key', 'whole');
		wire.send(text.slice(0, -4));
		await until(() => fixture.proxy.bytes().up === text.length - 4, 'the first part');
		fixture.inject('READONLY');
		await wire.ask(text.slice(-4), okLine);
		await wire.ask(request('SET', 'key', 'next'), errorLines.READONLY);
		fixture.proxy.heal();
		await wire.ask(request('GET', 'key'), bulk('whole'));
	});

	it('pass large values through, and drop them completely when they are refused', async () => {
		const wire = fixture.open();
		const large = 'v'.repeat(8 * 1024 * 1024);
		fixture.inject('READONLY');
		await wire.ask(request('SET', 'large', large) + request('GET', 'key'), errorLines.READONLY + bulk('value'));
		fixture.proxy.heal();
		fixture.inject('OOM', 0);
		await wire.ask(request('SET', 'large', large) + request('GET', 'large'), okLine + bulk(large));
	});

	it('work together with latency and slices', async () => {
		const wire = fixture.open();
		fixture.inject('READONLY');
		fixture.proxy.add({kind: 'slice', bytes: 3});
		fixture.proxy.add({kind: 'latency', delayMs: 20});
		const startedAt = performance.now();
		await wire.ask(
			request('SET', 'a', 'b') + request('GET', 'key') + request('SET', 'a', 'b'),
			errorLines.READONLY + bulk('value') + errorLines.READONLY,
		);
		expect(performance.now() - startedAt).toBeGreaterThan(38);
	});
});
