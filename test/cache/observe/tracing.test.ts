import {AsyncLocalStorage} from 'node:async_hooks';
import {tracingChannel} from 'node:diagnostics_channel';
import {afterEach, describe, expect, it} from 'vitest';
import type {CallTrace} from '../../../source/cache/observe/trace-types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {untilFallback} from '../support/states.js';

const fixture = redisFixture();

const channelNames = [
	'get',
	'getOrSet',
	'getMany',
	'getOrSetMany',
	'set',
	'setMany',
	'delete',
	'deleteMany',
	'expire',
	'invalidateTags',
	'clear',
	'load',
] as const;

type Published = {readonly channel: string; readonly stage: string; readonly trace: Record<string, unknown>};

const stops: (() => void)[] = [];

/** Collects everything that is published from now on, with a copy of the trace at that time. */
const listen = (): Published[] => {
	const published: Published[] = [];
	for (const name of channelNames) {
		const channel = tracingChannel<unknown, CallTrace>(`redis-cache-tui:${name}`);
		const note = (stage: string) => (trace: object) => void published.push({channel: name, stage, trace: {...trace}});
		const subscribers = {
			start: note('start'),
			end: note('end'),
			asyncStart: note('asyncStart'),
			asyncEnd: note('asyncEnd'),
			error: note('error'),
		};
		channel.subscribe(subscribers);
		stops.push(() => channel.unsubscribe(subscribers));
	}
	return published;
};

const ends = (published: readonly Published[]) => published.filter(({stage}) => stage === 'asyncEnd');

afterEach(() => {
	for (const stop of stops.splice(0)) stop();
});

describe('tracing channels', () => {
	it('publish one trace for each call, with its outcome', async () => {
		const cache = await fixture.open({namespace: 'users'});
		const published = listen();
		await cache.set('a', 1);
		await cache.get('a');
		await cache.get('missing');
		await cache.getEntry('a');
		await cache.has('a');
		await cache.ttl('a');
		await cache.expire('a', '1m');
		await cache.touch('nobody');
		await cache.getOrSet('b', () => 2);
		await cache.getOrSet('b', () => 3);
		await cache.setMany([
			['c', 1],
			['d', 2],
		]);
		await cache.getMany(['c', 'd', 'e']);
		await cache.getOrSetMany(['c', 'f'], () => []);
		await cache.deleteMany(['c', 'd']);
		await cache.delete('a');
		await cache.invalidateTags(['x']);
		await cache.clear();

		const place = {server: fixture.redis.url, namespace: 'users'};
		expect(ends(published).map(({channel, trace: {result: _, ...facts}}) => ({channel, ...facts}))).toMatchObject([
			{channel: 'set', operation: 'set', ...place, key: 'a', stored: 'redis'},
			{channel: 'get', operation: 'get', ...place, key: 'a', outcome: 'hit'},
			{channel: 'get', operation: 'get', ...place, key: 'missing', outcome: 'miss'},
			{channel: 'get', operation: 'getEntry', ...place, key: 'a', outcome: 'hit'},
			{channel: 'get', operation: 'has', ...place, key: 'a', outcome: 'hit'},
			{channel: 'get', operation: 'ttl', ...place, key: 'a', outcome: 'hit'},
			{channel: 'expire', operation: 'expire', ...place, key: 'a', stored: 'redis', applied: true},
			{channel: 'expire', operation: 'touch', ...place, key: 'nobody', stored: 'redis', applied: false},
			{channel: 'load', operation: 'load', ...place, key: 'b', outcome: 'loaded'},
			{channel: 'getOrSet', operation: 'getOrSet', ...place, key: 'b', outcome: 'miss', source: 'loader'},
			{channel: 'getOrSet', operation: 'getOrSet', ...place, key: 'b', outcome: 'hit'},
			{channel: 'setMany', operation: 'setMany', ...place, keys: 2, stored: 'redis'},
			{channel: 'getMany', operation: 'getMany', ...place, keys: 3, hits: 2},
			{channel: 'load', operation: 'load', ...place, key: 'f', outcome: 'absent'},
			{channel: 'getOrSetMany', operation: 'getOrSetMany', ...place, keys: 2, hits: 1, source: 'loader'},
			{channel: 'deleteMany', operation: 'deleteMany', ...place, keys: 2, stored: 'redis'},
			{channel: 'delete', operation: 'delete', ...place, key: 'a', stored: 'redis'},
			{channel: 'invalidateTags', operation: 'invalidateTags', ...place, tags: ['x'], stored: 'redis'},
			{channel: 'clear', operation: 'clear', ...place, stored: 'redis'},
		]);
	});

	it('hold the outcome of a memory hit from the start, and its value', async () => {
		const cache = await fixture.open();
		await cache.set('a', {n: 1});
		const published = listen();
		let value: unknown;
		await until(async () => {
			published.length = 0;
			value = await cache.get('a');
			return published.at(-1)?.trace.source === 'memory';
		}, 'the value is read from memory');
		expect(published.map(({stage}) => stage)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
		expect(published[0]?.trace).toMatchObject({outcome: 'hit', source: 'memory'});
		expect(published.at(-1)?.trace.result).toBe(value);
	});

	it('hold the source of a value that memory did not have', async () => {
		const writer = await fixture.open();
		const reader = await fixture.open();
		await writer.set('a', 1);
		const published = listen();
		expect(await reader.get('a')).toBe(1);
		expect(published[0]?.trace).not.toHaveProperty('outcome');
		expect(ends(published)[0]?.trace).toMatchObject({outcome: 'hit', source: 'redis'});
	});

	it('report what memory served and stored during an outage', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {ttl: {default: 50, jitter: 0, grace: '1h'}});
		await cache.set('a', 1);
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		await until(async () => (await cache.getEntry('a'))?.stale === true, 'the value is stale');
		const published = listen();
		expect(await cache.get('a')).toBe(1);
		expect(await cache.getOrSet('a', () => Promise.reject(new Error('no database')))).toBe(1);
		await cache.delete('a');
		expect(
			ends(published).map(({trace: {operation, outcome, source, stored}}) => ({operation, outcome, source, stored})),
		).toEqual([
			{operation: 'get', outcome: 'stale', source: 'memory', stored: undefined},
			{operation: 'load', outcome: undefined, source: undefined, stored: undefined},
			{operation: 'getOrSet', outcome: 'stale', source: 'memory', stored: undefined},
			{operation: 'delete', outcome: undefined, source: undefined, stored: 'memory'},
		]);
	});

	it('hold the error of a call that rejects, and of a loader that fails or times out', async () => {
		const cache = await fixture.open();
		const published = listen();
		await expect(cache.get('')).rejects.toMatchObject({code: 'ERR_INVALID_KEY'});
		await expect(cache.getOrSet('a', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
		await expect(cache.getOrSet('b', () => new Promise(() => {}), {hardTimeout: 20})).rejects.toMatchObject({
			code: 'ERR_LOADER_TIMEOUT',
		});
		const errors = published.filter(({stage}) => stage === 'error');
		expect(errors.map(({channel, trace}) => [channel, (trace.error as Error).message.slice(0, 12)])).toEqual([
			['get', 'key must not'],
			['load', 'no database'],
			['getOrSet', 'no database'],
			['load', 'the loader o'],
			['getOrSet', 'the loader o'],
		]);
	});

	it('run a load in the context of the caller that started it', async () => {
		const cache = await fixture.open();
		const storage = new AsyncLocalStorage<string>();
		const load = tracingChannel<unknown, CallTrace>('redis-cache-tui:load');
		load.start.bindStore(storage, (trace) => `loading ${'key' in trace ? trace.key : ''}`);
		stops.push(() => void load.start.unbindStore(storage));
		const published = listen();
		const loader = () => Promise.resolve(storage.getStore());
		const values = await Promise.all(Array.from({length: 20}, () => cache.getOrSet('a', loader)));
		expect(new Set(values)).toEqual(new Set(['loading a']));
		expect(ends(published).filter(({channel}) => channel === 'load')).toHaveLength(1);
		expect(ends(published).filter(({channel}) => channel === 'getOrSet')).toHaveLength(20);
	});

	it('are published with one subscriber to any stage', async () => {
		const cache = await fixture.open();
		const channel = tracingChannel<unknown, CallTrace>('redis-cache-tui:get');
		const keys: unknown[] = [];
		const asyncEnd = (trace: unknown) => void keys.push((trace as {readonly key?: string}).key);
		channel.asyncEnd.subscribe(asyncEnd);
		stops.push(() => void channel.asyncEnd.unsubscribe(asyncEnd));
		await cache.get('a');
		expect(keys).toEqual(['a']);
	});
});

describe('tracing channels without subscribers', () => {
	it('publish nothing for a memory hit', async () => {
		const cache = await fixture.open();
		await cache.set('a', 1);
		const published = listen();
		for (const stop of stops.splice(0)) stop();
		await cache.get('a');
		await cache.getOrSet('a', () => 2);
		expect(published).toEqual([]);
	});
});
