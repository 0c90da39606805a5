import {describe, expect, it} from 'vitest';
import {Breaker} from '../../source/cache/outage/breaker.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {describeFault} from '../../source/faults/describe-fault.js';
import type {WireFault} from '../../source/faults/fault.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {startTap} from '../support/tap.js';
import {until} from '../support/until.js';

describe('the breaker', () => {
	it('opens after so many failures in a row', () => {
		const breaker = new Breaker({consecutive: 3, rate: 1, minimum: 1000});
		breaker.failure();
		breaker.failure();
		breaker.success();
		expect(breaker.failure()).toBeUndefined();
		expect(breaker.failure()).toBeUndefined();
		expect(breaker.failure()).toBe('3 failures in a row');
	});

	it('is not opened by one command alone, however many calls waited for it, but by two', () => {
		const breaker = new Breaker({consecutive: 5, rate: 1, minimum: 1000});
		expect(breaker.failure(64)).toBeUndefined();
		breaker.success();
		expect(breaker.failure(64)).toBeUndefined();
		expect(breaker.failure(1)).toBe('5 failures in a row');
		const strict = new Breaker({consecutive: 1, rate: 1, minimum: 1000});
		expect(strict.failure(64)).toBe('1 failures in a row');
	});

	it('opens when too large a share of the last ten seconds failed, of enough calls', () => {
		const breaker = new Breaker({consecutive: 1000, rate: 0.5, minimum: 10});
		for (let call = 0; call < 4; call++) {
			breaker.success();
			expect(breaker.failure()).toBeUndefined();
		}
		breaker.success();
		expect(breaker.failure()).toBe('5 of the last 10 calls failed');
		for (let second = 0; second < 11; second++) breaker.tick();
		for (let call = 0; call < 9; call++) breaker.success();
		expect(breaker.failure()).toBeUndefined();
	});

	it('forgets when it is reset', () => {
		const breaker = new Breaker({consecutive: 2, rate: 0.5, minimum: 4});
		breaker.failure();
		breaker.reset();
		expect(breaker.failure()).toBeUndefined();
	});
});

describe('in an outage', () => {
	const fixture = redisFixture();
	const connected = (cache: RedisCache) =>
		until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});

	const faults: readonly WireFault[] = [
		{kind: 'refuse'},
		{kind: 'reset'},
		{kind: 'blackhole'},
		{kind: 'blackhole', direction: 'up'},
		{kind: 'blackhole', direction: 'down'},
		{kind: 'stall'},
		{kind: 'error', error: 'LOADING'},
		{kind: 'error', error: 'CLUSTERDOWN'},
		{kind: 'error', error: 'READONLY'},
		{kind: 'error', error: 'OOM'},
		{kind: 'latency', delayMs: 1000},
		{kind: 'limit', bytes: 10},
		{kind: 'flaky', probability: 1, everyMs: 30},
		{kind: 'bandwidth', kbps: 0.05},
	];

	it.each(faults.map((fault) => [describeFault(fault), fault] as const))(
		'of %s every call settles in time and none rejects; all is well soon after',
		async (_label, fault) => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy);
			await cache.set('k', 'before', {tags: ['t']});
			expect(await cache.get('k')).toBe('before');
			proxy.add(fault);
			let slowest = 0;
			for (let round = 0; round < 12; round++) {
				const calls = [
					cache.get('k'),
					cache.get(`missing ${round}`),
					cache.set(`s${round}`, round),
					cache.delete(`d${round}`),
					cache.getOrSet(`l${round}`, () => 'loaded'),
					cache.getMany(['k', 'x']),
					cache.has('k'),
					cache.expire('k', '1h'),
					cache.invalidateTags([`t${round}`]),
				];
				for (const {error, ms} of await Promise.all(calls.map((call) => settle<unknown>(call)))) {
					expect(error).toBeUndefined();
					slowest = Math.max(slowest, ms);
				}
			}
			// The deadline, twice where a mark has to be made first, and what a busy machine adds.
			expect(slowest).toBeLessThan(1200);
			proxy.heal();
			await until(() => cache.stats().mode.mode === 'connected' && cache.stats().journal.size === 0, 'all is well', {
				timeoutMs: 5000,
			});
			// A Redis that said it is full is not asked again at once.
			await until(async () => (await cache.set('after', 1)).stored === 'redis', 'writes get through');
			expect(await cache.get('after')).toBe(1);
			expect(cache.stats().pending).toBe(0);
		},
	);

	it('the mode goes from connected to fallback to recovering to connected, with reasons', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		const modes: string[] = [];
		cache.on('mode', ({mode, previous}) => modes.push(`${previous.mode} -> ${mode}`));
		proxy.add({kind: 'refuse'});
		await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
		expect(cache.stats().mode.reason).not.toBe('');
		await cache.delete('k');
		proxy.heal();
		await connected(cache);
		expect(modes).toEqual(['connected -> fallback', 'fallback -> recovering', 'recovering -> connected']);
		expect(cache.stats().modes.map(({mode}) => mode)).toEqual([
			'recovering',
			'connected',
			'fallback',
			'recovering',
			'connected',
		]);
	});

	it.each(['get', 'set'] as const)('sixty-four callers of %s wait for two deadlines each at most', async (call) => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'v');
		proxy.add({kind: 'blackhole'});
		let waits = 0;
		await Promise.all(
			Array.from({length: 64}, async (_, caller) => {
				for (let round = 0; cache.stats().mode.mode !== 'fallback'; round++) {
					const key = `${caller}:${round}`;
					await (call === 'get' ? cache.get(key) : cache.set(key, round));
					waits++;
				}
			}),
		);
		expect(waits).toBeLessThanOrEqual(2 * 64);
	});

	it('later calls do not wait for Redis', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'v');
		proxy.add({kind: 'blackhole'});
		await until(
			async () => {
				await cache.get('x');
				return cache.stats().mode.mode === 'fallback';
			},
			'fallback',
			{timeoutMs: 3000},
		);
		const times: number[] = [];
		for (let round = 0; round < 200; round++) {
			const {ms} = await settle(round % 2 === 0 ? cache.get('k') : cache.set(`s${round % 10}`, round));
			times.push(ms);
		}
		times.sort((a, b) => a - b);
		expect(times[100]).toBeLessThan(2);
		expect(times[190]).toBeLessThan(50);
	});

	it('Redis is used again within a second of its return', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		const times: number[] = [];
		for (const fault of [{kind: 'refuse'}, {kind: 'blackhole'}, {kind: 'stall'}, {kind: 'reset'}] as const) {
			proxy.add(fault);
			await until(
				async () => {
					await cache.get('x');
					return cache.stats().mode.mode === 'fallback';
				},
				'fallback',
				{timeoutMs: 3000},
			);
			await new Promise((resolve) => setTimeout(resolve, 700));
			const begun = performance.now();
			proxy.heal();
			await connected(cache);
			times.push(performance.now() - begun);
		}
		process.stdout.write(`back in use after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
		times.sort((a, b) => a - b);
		expect(times[1]).toBeLessThan(1000);
		expect(times.at(-1)).toBeLessThan(2500);
	});

	it.each([1, 4])(
		'a silent one is noticed within two seconds while only memory is read, or nobody calls at all: %i lanes',
		async (lanes) => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy, {pool: {lanes}});
			const began = performance.now();
			proxy.add({kind: 'blackhole'});
			await until(() => cache.stats().mode.mode === 'fallback', 'fallback', {timeoutMs: 6000});
			// A heartbeat a second, then as many deadlines as a lane takes until it is given up.
			expect(performance.now() - began).toBeLessThan(2500);
		},
	);

	it('one heartbeat that got lost is none', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}});
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		const held = tap.holdRequest('TIME');
		await until(() => cache.stats().pool.lanes[0]?.timeouts === 1, 'a missed heartbeat', {timeoutMs: 5000});
		held.release();
		await until(() => (cache.stats().pool.lanes[0]?.inFlight ?? 1) === 0, 'answers');
		expect(modes).toEqual([]);
	});
});

describe('what is no outage', () => {
	const fixture = redisFixture();

	it('Redis full: reads go on, writes are kept in memory, and it goes on when there is room', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'before');
		await fixture.raw.config('SET', 'maxmemory', 1);
		for (let round = 0; round < 20; round++) {
			expect(await cache.set('k', round)).toEqual({stored: 'memory'});
			expect([undefined, round]).toContain(await cache.get('k'));
			expect(await cache.delete(`d${round}`)).toEqual({stored: 'redis'});
		}
		expect(cache.stats().mode.mode).toBe('connected');
		await fixture.raw.config('SET', 'maxmemory', 0);
		await until(async () => (await cache.set('k', 'after')).stored === 'redis', 'there is room again');
		await until(() => cache.stats().journal.size === 0, 'reconciled');
		expect(await (await fixture.open()).get('k')).not.toBe('before');
	});

	it('a full queue of our own: calls are shed and counted, and Redis stays in use', async () => {
		const cache = await fixture.open({pool: {lanes: 1, capacity: 4}, memory: false});
		await cache.set('k', 1);
		const results = await Promise.all(Array.from({length: 200}, (_, index) => cache.set(`k${index}`, index)));
		expect(results).toHaveLength(200);
		expect(cache.stats().mode.mode).toBe('connected');
		await until(() => cache.stats().journal.size === 0, 'reconciled');
		expect(await cache.set('k', 2)).toEqual({stored: 'redis'});
	});

	it('a key of another type: counted as an error or a miss, and Redis stays in use', async () => {
		const cache = await fixture.open({breaker: {consecutive: 2}});
		await fixture.raw.rpush('rct:default:k', 'x');
		for (let round = 0; round < 20; round++) {
			expect(await cache.get('k')).toBeUndefined();
			expect(await cache.getOrSet('k', () => round)).toBe(round);
		}
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('a loader that fails or is slow', async () => {
		const cache = await fixture.open({breaker: {consecutive: 2}});
		for (let round = 0; round < 10; round++)
			await settle(cache.getOrSet(`k${round}`, () => Promise.reject(new Error('no database'))));
		expect(cache.stats().mode.mode).toBe('connected');
	});
});
