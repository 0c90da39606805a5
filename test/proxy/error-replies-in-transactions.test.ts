import {describe, expect, it} from 'vitest';
import {abortedLine, type ErrorName, errorLines, okLine, RedisProxyFixture} from '../support/proxy-fixtures.js';
import {itReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';
import {bulk, request} from '../support/resp.js';
import {until} from '../support/until.js';

describe('error replies in transactions', () => {
	const fixture = new RedisProxyFixture();

	it('make EXEC fail if a command of the transaction was refused, and nothing is changed', async () => {
		const wire = fixture.open();
		fixture.inject('READONLY');
		await wire.ask(
			request('MULTI') + request('GET', 'key') + request('SET', 'key', 'x') + request('EXEC'),
			`${okLine}+QUEUED\r\n${errorLines.READONLY}${abortedLine}`,
		);
		await wire.ask(request('GET', 'key'), bulk('value'));
		fixture.proxy.heal();
		await wire.ask(
			request('MULTI') + request('SET', 'key', 'x') + request('EXEC'),
			`${okLine}+QUEUED\r\n*1\r\n${okLine}`,
		);
	});

	it('make EXEC fail even if the fault was lifted before it', async () => {
		const wire = fixture.open();
		const fault = fixture.inject('LOADING');
		await wire.ask(request('MULTI') + request('SET', 'key', 'x'), okLine + errorLines.LOADING);
		fixture.proxy.lift(fault.id);
		fixture.inject('READONLY', 0);
		await wire.ask(request('SET', 'key', 'y') + request('EXEC'), `+QUEUED\r\n${abortedLine}`);
		await wire.ask(request('GET', 'key'), bulk('value'));
	});

	it('refuse EXEC if the fault is applied after writes were queued', async () => {
		const wire = fixture.open();
		await wire.ask(request('MULTI') + request('SET', 'key', 'x'), `${okLine}+QUEUED\r\n`);
		fixture.inject('READONLY');
		await wire.ask(
			request('EXEC') + request('GET', 'key'),
			`-EXECABORT Transaction discarded because of: ${errorLines.READONLY.slice(1)}${bulk('value')}`,
		);
	});

	it('make EXEC fail even if no fault is left at all', async () => {
		const wire = fixture.open();
		const fault = fixture.inject('READONLY');
		await wire.ask(
			request('MULTI') + request('SET', 'key', 'x') + request('GET', 'key'),
			`${okLine}${errorLines.READONLY}+QUEUED\r\n`,
		);
		fixture.proxy.lift(fault.id);
		await wire.ask(request('DEL', 'key') + request('EXEC'), `+QUEUED\r\n${abortedLine}`);
		await wire.ask(request('GET', 'key'), bulk('value'));
	});

	it('leave DISCARD working', async () => {
		const wire = fixture.open();
		fixture.inject('READONLY');
		await wire.ask(
			request('MULTI') + request('SET', 'key', 'x') + request('DISCARD') + request('GET', 'key'),
			okLine + errorLines.READONLY + okLine + bulk('value'),
		);
	});

	itReal('are those of a Redis that is really read-only or out of memory', async () => {
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
				const control = fixture.open(broken.port);
				control.send(setup + request('ECHO', 'set up'));
				await until(() => control.text().endsWith(bulk('set up')), 'the setup');
				await fixture.open().ask(request('FLUSHALL'), okLine);
				const fault = fixture.inject(error);
				for (const batch of commands) {
					const text = batch.map((words) => request(...words)).join('') + request('ECHO', 'the end');
					const [real, injected] = [fixture.open(broken.port), fixture.open()];
					for (const wire of [real, injected]) {
						wire.send(text);
						await until(() => wire.text().endsWith(bulk('the end')), 'the replies');
					}
					expect(injected.text(), `${error}: ${JSON.stringify(batch)}`).toBe(real.text());
				}
				fixture.proxy.lift(fault.id);
			}
		} finally {
			await broken.close();
		}
	});
});
