import {describe, expect, it} from 'vitest';
import {itReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {aborted, ErrorBench, type ErrorName, lines, ok} from './error-bench.js';
import {bulk, request} from './resp.js';

describe('error replies in transactions', () => {
	const bench = new ErrorBench();

	it('makes EXEC fail when a command in it was refused, and changes nothing', async () => {
		const wire = bench.open();
		bench.inject('READONLY');
		await wire.ask(
			request('MULTI') + request('GET', 'key') + request('SET', 'key', 'x') + request('EXEC'),
			`${ok}+QUEUED\r\n${lines.READONLY}${aborted}`,
		);
		await wire.ask(request('GET', 'key'), bulk('value'));
		bench.proxy.heal();
		await wire.ask(request('MULTI') + request('SET', 'key', 'x') + request('EXEC'), `${ok}+QUEUED\r\n*1\r\n${ok}`);
	});

	it('makes EXEC fail although the fault was lifted before it', async () => {
		const wire = bench.open();
		const fault = bench.inject('LOADING');
		await wire.ask(request('MULTI') + request('SET', 'key', 'x'), ok + lines.LOADING);
		bench.proxy.lift(fault.id);
		bench.inject('READONLY', 0);
		await wire.ask(request('SET', 'key', 'y') + request('EXEC'), `+QUEUED\r\n${aborted}`);
		await wire.ask(request('GET', 'key'), bulk('value'));
	});

	it('refuses EXEC when the fault comes after writes were queued', async () => {
		const wire = bench.open();
		await wire.ask(request('MULTI') + request('SET', 'key', 'x'), `${ok}+QUEUED\r\n`);
		bench.inject('READONLY');
		await wire.ask(
			request('EXEC') + request('GET', 'key'),
			`-EXECABORT Transaction discarded because of: ${lines.READONLY.slice(1)}${bulk('value')}`,
		);
	});

	it('makes EXEC fail also when no fault at all is left', async () => {
		const wire = bench.open();
		const fault = bench.inject('READONLY');
		await wire.ask(
			request('MULTI') + request('SET', 'key', 'x') + request('GET', 'key'),
			`${ok}${lines.READONLY}+QUEUED\r\n`,
		);
		bench.proxy.lift(fault.id);
		await wire.ask(request('DEL', 'key') + request('EXEC'), `+QUEUED\r\n${aborted}`);
		await wire.ask(request('GET', 'key'), bulk('value'));
	});

	it('lets DISCARD work', async () => {
		const wire = bench.open();
		bench.inject('READONLY');
		await wire.ask(
			request('MULTI') + request('SET', 'key', 'x') + request('DISCARD') + request('GET', 'key'),
			ok + lines.READONLY + ok + bulk('value'),
		);
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
				const control = bench.open(broken.port);
				control.send(setup + request('ECHO', 'set up'));
				await until(() => control.text().endsWith(bulk('set up')), 'the setup');
				await bench.open().ask(request('FLUSHALL'), ok);
				const fault = bench.inject(error);
				for (const batch of commands) {
					const text = batch.map((words) => request(...words)).join('') + request('ECHO', 'the end');
					const [real, injected] = [bench.open(broken.port), bench.open()];
					for (const wire of [real, injected]) {
						wire.send(text);
						await until(() => wire.text().endsWith(bulk('the end')), 'the replies');
					}
					expect(injected.text(), `${error}: ${JSON.stringify(batch)}`).toBe(real.text());
				}
				bench.proxy.lift(fault.id);
			}
		} finally {
			await broken.close();
		}
	});
});
