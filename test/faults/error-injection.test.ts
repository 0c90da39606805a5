import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {until} from '../support/until.js';
import {ErrorBench, lines, ok} from './error-bench.js';
import {bulk, cutAt, request} from './resp.js';

describe('error replies in place of answers', () => {
	const bench = new ErrorBench();

	it('answers only writes with READONLY, and lets nothing of them reach Redis', async () => {
		const wire = bench.open();
		await wire.ask(request('PING'), '+PONG\r\n');
		const fault = bench.inject('READONLY');
		await wire.ask(
			request('SET', 'key', 'changed') + request('GET', 'key') + request('del', 'key'),
			lines.READONLY + bulk('value') + lines.READONLY,
		);
		await wire.ask(request('EVAL', 'return bench.redis.call("GET", KEYS[1])', '1', 'key'), lines.READONLY);
		await wire.ask(`${request('CLIENT', 'SETNAME', 'me') + request('SELECT', '0')}PING\r\n`, `${ok}${ok}+PONG\r\n`);
		await wire.ask('set key inline\r\n', lines.READONLY);
		bench.proxy.lift(fault.id);
		await wire.ask(request('GET', 'key') + request('SET', 'key', 'changed'), bulk('value') + ok);
	});

	it('answers only what needs memory with OOM', async () => {
		const wire = bench.open();
		bench.inject('OOM');
		await wire.ask(
			request('SET', 'key', 'more') + request('DEL', 'key') + request('GET', 'key'),
			`${lines.OOM}:1\r\n$-1\r\n`,
		);
	});

	it('answers everything but the handshake with LOADING, on a connection opened under it too', async () => {
		bench.inject('LOADING');
		const wire = bench.open();
		await wire.ask(
			request('CLIENT', 'SETNAME', 'me') + request('GET', 'key') + request('PING') + request('SELECT', '0'),
			ok + lines.LOADING + lines.LOADING + ok,
		);
	});

	it('answers only commands with keys with CLUSTERDOWN', async () => {
		const wire = bench.open();
		bench.inject('CLUSTERDOWN');
		await wire.ask(request('GET', 'key') + request('PING') + request('DBSIZE'), `${lines.CLUSTERDOWN}+PONG\r\n:1\r\n`);
	});

	it('is never out of step, however requests are cut and whenever faults come and go', async () => {
		const keys = Array.from({length: 50}, (_, index) => `k${index}`);
		const direct = bench.open(bench.redis.port);
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
					const wire = bench.open();
					for (const chunk of cutAt(Buffer.from(commands.map(({text}) => text).join('')), cuts)) {
						const toggle = toggles.next().value;
						if (toggle === 1) bench.inject('CLUSTERDOWN', 0.5);
						if (toggle === 2) bench.inject('LOADING', 0.5);
						if (toggle === 3) bench.proxy.heal();
						wire.socket.write(chunk);
						// Each piece on its own, so that Redis answers between them.
						await new Promise((resolve) => setImmediate(resolve));
					}
					bench.proxy.heal();
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
		const wire = bench.open();
		const text = request('SET', 'key', 'whole');
		wire.send(text.slice(0, -4));
		await until(() => bench.proxy.bytes().up === text.length - 4, 'the first part');
		bench.inject('READONLY');
		await wire.ask(text.slice(-4), ok);
		await wire.ask(request('SET', 'key', 'next'), lines.READONLY);
		bench.proxy.heal();
		await wire.ask(request('GET', 'key'), bulk('whole'));
	});

	it('passes large values through, and drops them whole when it answers in their place', async () => {
		const wire = bench.open();
		const large = 'v'.repeat(8 * 1024 * 1024);
		bench.inject('READONLY');
		await wire.ask(request('SET', 'large', large) + request('GET', 'key'), lines.READONLY + bulk('value'));
		bench.proxy.heal();
		bench.inject('OOM', 0);
		await wire.ask(request('SET', 'large', large) + request('GET', 'large'), ok + bulk(large));
	});

	it('works together with latency and slices', async () => {
		const wire = bench.open();
		bench.inject('READONLY');
		bench.proxy.add({kind: 'slice', bytes: 3});
		bench.proxy.add({kind: 'latency', delayMs: 20});
		const startedAt = performance.now();
		await wire.ask(
			request('SET', 'a', 'b') + request('GET', 'key') + request('SET', 'a', 'b'),
			lines.READONLY + bulk('value') + lines.READONLY,
		);
		expect(performance.now() - startedAt).toBeGreaterThan(38);
	});
});
