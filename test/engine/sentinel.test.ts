import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect} from 'vitest';
import {everyWrite, startTestEngine, type TestEngine} from '../support/engine.js';
import {itReal} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';

let master: RedisProcess;
let sentinel: RedisProcess;
let engine: TestEngine;

beforeAll(async () => {
	master = await startRedisProcess();
	sentinel = await startRedisProcess({
		sentinel: true,
		prepare: (directory) =>
			writeFile(join(directory, 'sentinel.conf'), `sentinel monitor main 127.0.0.1 ${master.port} 1\n`),
	});
	engine = await startTestEngine({url: `redis+sentinel://127.0.0.1:${sentinel.port}/main/0`, consented: everyWrite});
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
});

afterAll(async () => {
	await engine?.close();
	await sentinel?.close();
	await master?.close();
});

describe('the engine behind a Sentinel', () => {
	itReal('uses and inspects the master', async () => {
		expect(engine.latest().target).toMatchObject({
			kind: 'external',
			name: 'redis',
			url: expect.stringMatching(/sentinel/),
		});
		await engine.ok('set a 1');
		expect((await engine.ok('get a'))[0]).toBe('1');
		expect(await engine.ok(`redis EXISTS ${engine.latest().keyPrefix}a`)).toEqual(['(integer) 1']);
		await engine.until(({server}) => server?.role === 'master' && server.keys > 0, 'the answers of the master');
	});

	itReal('deletes many keys at once', async () => {
		for (const name of ['x', 'y', 'z']) await engine.ok(`redis SET many:${name} 1`);
		expect(await engine.ok('remove many:x many:y')).toEqual(['deleted 2 keys; :undo restores 2 keys']);
		expect(await engine.ok('sweep many:*')).toEqual(['deleted 1 key; :undo restores it']);
	});

	itReal('breaks the connections to the master, and to nothing else of the program', async () => {
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
		await engine.ok('outage node master refuse');
		await engine.until(({cache}) => cache.mode.mode === 'fallback', 'the cache is without Redis');
		expect(await engine.ok('redis PING')).toEqual(['PONG']);
		await engine.ok('heal');
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected again');
	});

	itReal('connects to another Redis and back', async () => {
		await engine.ok('connect private');
		await engine.until(({target}) => target.kind === 'private', 'it works on a private Redis');
		await engine.ok(`connect redis+sentinel://127.0.0.1:${sentinel.port}/main/0`);
		await engine.until(({target}) => target.kind === 'external', 'it works behind the Sentinel again');
		// Consent has ended with the connection. The word is the name of the master.
		expect(await engine.refused('redis SET theirs 1')).toMatch(/confirm it with the word main$/);
		expect(await engine.refused('hotkeys 200ms')).toMatch(/confirm it with the word main$/);
		expect((await engine.ok('hotkeys 200ms', 'main'))[0]).toMatch(/MONITOR/);
		// The Sentinel has a connection for commands and one for messages.
		await engine.until(({activity}) => activity.latest?.clients === 2, 'figures without this program');
		expect(await engine.refused(`connect redis+sentinel://127.0.0.1:${sentinel.port}/nobody/0`)).toMatch(
			/nobody|answer/,
		);
	});
});
