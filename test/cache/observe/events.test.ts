import {describe, expect, it} from 'vitest';
import type {CacheEvents} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {untilEnsured} from '../support/states.js';

const fixture = redisFixture();

const names = [
	'hit',
	'miss',
	'set',
	'delete',
	'evict',
	'load',
	'error',
	'mode',
	'restriction',
	'reconcile',
	'pool',
] as const;

type Emitted = {[E in keyof CacheEvents]: CacheEvents[E][]};

/** Collects everything that a cache emits from now on. */
const listen = (cache: RedisCache): Emitted => {
	const emitted: Emitted = {
		hit: [],
		miss: [],
		set: [],
		delete: [],
		evict: [],
		load: [],
		error: [],
		mode: [],
		restriction: [],
		reconcile: [],
		coherence: [],
		clockStep: [],
		node: [],
		pool: [],
	};
	const follow = <E extends keyof CacheEvents>(name: E): void => {
		cache.on(name, (payload) => void emitted[name].push(payload));
	};
	for (const name of names) follow(name);
	return emitted;
};

describe('events of a cache', () => {
	it('report reads, writes and loads', async () => {
		const cache = await fixture.open();
		const emitted = listen(cache);
		await cache.namespace('users').get('a');
		expect(emitted.miss.splice(0)).toEqual([{namespace: 'users', key: 'a'}]);
		await cache.get('a');
		await cache.set('a', 1);
		await cache.get('a');
		await cache.delete('a');
		await cache.getOrSet('b', () => 2);
		await cache.getOrSet('c', () => undefined);
		await cache.getOrSet('d', () => Promise.reject(new Error('no database'))).catch(() => {});
		await cache.getOrSet('e', () => new Promise(() => {}), {hardTimeout: 20}).catch(() => {});
		expect(emitted.miss.map(({key}) => key)).toEqual(['a', 'b', 'c', 'd', 'e']);
		expect(emitted.set).toEqual([{namespace: 'default', key: 'a', stored: 'redis'}]);
		expect(emitted.hit).toMatchObject([{key: 'a', stale: false}]);
		expect(emitted.delete).toEqual([{namespace: 'default', key: 'a', stored: 'redis'}]);
		expect(emitted.load.map(({key, outcome}) => [key, outcome])).toEqual([
			['b', 'loaded'],
			['c', 'absent'],
			['d', 'failed'],
			['e', 'timeout'],
		]);
		expect(emitted.load[2]?.error).toMatchObject({message: 'no database'});
		expect(emitted.load[3]?.durationMs).toBeGreaterThanOrEqual(19);
		expect(emitted.error).toEqual([]);
	});

	it('report evicted entries', async () => {
		const cache = await fixture.open({memory: {maxEntries: 1}});
		const emitted = listen(cache);
		await cache.set('a', 1);
		await cache.set('b', 2);
		expect(emitted.evict).toEqual([{namespace: 'default', key: 'a'}]);
	});

	it('report the modes of an outage and what was reconciled', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		const emitted = listen(cache);
		proxy.add({kind: 'refuse'});
		await until(() => emitted.mode.length > 0, 'the cache falls back');
		await cache.set('a', 1);
		proxy.heal();
		await until(() => emitted.mode.at(-1)?.mode === 'connected', 'the cache is connected again');
		expect(emitted.set).toEqual([{namespace: 'default', key: 'a', stored: 'memory'}]);
		expect(emitted.mode.map(({mode, previous}) => `${previous.mode} -> ${mode}`)).toEqual([
			'connected -> fallback',
			'fallback -> recovering',
			'recovering -> connected',
		]);
		expect(emitted.mode[0]?.reason).toMatch(/^connection lost: (?!Connection to)/);
		expect(emitted.reconcile[0]).toMatchObject({keys: 1, overflowed: false});
		expect(new Set(emitted.pool.map(({type}) => type))).toEqual(new Set(['lost', 'ready']));
	});

	it('report errors with the operation that failed', async () => {
		const cache = await fixture.open();
		await cache.set('warm', 1);
		await untilEnsured(cache);
		const emitted = listen(cache);
		fixture.redis.pause();
		await cache.set('a', 1);
		fixture.redis.resume();
		expect(emitted.error).toMatchObject([{operation: 'set', error: {code: 'ERR_DEADLINE'}}]);
	});

	it("go on if a listener throws, which causes one process warning without the error's message", async () => {
		const cache = await fixture.open();
		const warnings: Error[] = [];
		const onWarning = (warning: Error) => void warnings.push(warning);
		process.on('warning', onWarning);
		let heard = 0;
		cache.on('set', () => {
			throw new Error('redis://:secret@host is broken');
		});
		cache.on('set', () => heard++);
		expect(await cache.set('a', 1)).toEqual({stored: 'redis'});
		await cache.set('a', 2);
		await until(() => warnings.length > 0, 'there is a warning');
		process.off('warning', onWarning);
		expect(heard).toBe(2);
		expect(warnings.map(({message}) => message)).toEqual([
			"a listener of the cache's set event threw (Error): handle errors in the listener",
		]);
	});

	it('stop when the listener is removed', async () => {
		const cache = await fixture.open();
		let heard = 0;
		const stop = cache.on('miss', () => heard++);
		await cache.get('a');
		stop();
		await cache.get('a');
		expect(heard).toBe(1);
	});
});

describe('a listener', () => {
	it('that removes and adds itself is called once for an event', async () => {
		const cache = await fixture.open();
		let calls = 0;
		const listen = () => {
			const stop = cache.on('miss', () => {
				calls++;
				stop();
				if (calls < 100) listen();
			});
		};
		listen();
		await cache.get('nothing');
		expect(calls).toBe(1);
	});

	it('that returns a rejected promise causes no unhandled rejection', async () => {
		const cache = await fixture.open();
		const rejections: unknown[] = [];
		const onRejection = (reason: unknown) => rejections.push(reason);
		process.on('unhandledRejection', onRejection);
		cache.on('miss', async () => {
			throw new Error('mistake');
		});
		await cache.get('nothing');
		await new Promise((resolve) => setTimeout(resolve, 20));
		process.off('unhandledRejection', onRejection);
		expect(rejections).toEqual([]);
	});
});
