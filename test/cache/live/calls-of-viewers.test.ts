import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {callCache} from '../../../source/cache/live/call-cache.js';
import {LiveProcess} from '../../../source/cache/live/live-process.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {LiveConnection} from '../../../source/engine/attached/live-connection.js';
import {runtimeFolder} from '../../support/runtime-folder.js';
import {filledCache} from '../../support/watched-cache.js';

runtimeFolder();
let cache: RedisCache;

beforeAll(() => {
	// Nobody listens there: values are in memory.
	cache = new RedisCache({url: 'redis://127.0.0.1:1', inspect: false});
});
afterAll(() => cache.close());

it('a reply that cannot be written is refused, and the process goes on', async () => {
	const live = await LiveProcess.start();
	onTestFinished(() => live.close());
	// As a text that is longer than Node.js can make one.
	live.add({...filledCache(cache), commands: true, call: () => Promise.resolve(1n)});
	const connection = await LiveConnection.open(live.path);
	onTestFinished(() => connection.close());
	connection.watch(
		1,
		() => {},
		() => {},
	);
	const call = connection.call({name: 'has', key: 'a'});
	await expect(call).rejects.toMatchObject({code: 'ERR_COMMAND', message: expect.stringContaining('cannot be sent')});
});

it('the values of one call fill a megabyte at most, and words stand for the rest', async () => {
	const keys = Array.from({length: 40}, (_, index) => `big:${index}`);
	await cache.setMany(keys.map((key) => [key, 'x'.repeat(60_000)] as const));
	const values = (await callCache(cache, [], {name: 'mget', keys})) as Readonly<Record<string, string>>;
	expect(Object.keys(values)).toHaveLength(40);
	expect(values['big:0']).toHaveLength(60_000);
	expect(values['big:39']).toBe('(left out: the values before it are a megabyte)');
	expect(JSON.stringify(values).length).toBeLessThan(1_100_000);
});

it('one call asks for a thousand keys at most', async () => {
	const keys = Array.from({length: 1001}, (_, index) => `key:${index}`);
	await expect(callCache(cache, [], {name: 'mget', keys})).rejects.toMatchObject({
		code: 'ERR_INVALID_ARGUMENT',
		message: expect.stringContaining('at most 1,000 keys'),
	});
});
