import {beforeAll, describe, expect, it} from 'vitest';
import {describeFault} from '../../../source/faults/catalogue.js';
import type {WireFault} from '../../../source/faults/fault.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {type Settled, settle} from '../../support/gate.js';
import {freePort} from '../../support/redis-process.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {untilConnected, untilConnectedAndReconciled, untilEnsured, untilFallback} from '../support/states.js';

describe('in an outage', () => {
	const fixture = redisFixture();
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

	/** Makes calls of all kinds under a fault, heals it, and waits for the recovery. */
	const sufferFrom = async (fault: WireFault, namespace: string) => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {namespace});
		let before: unknown;
		// A busy machine may miss a deadline.
		await until(async () => {
			await cache.set('k', 'before', {tags: ['t']});
			before = await cache.get('k');
			return before === 'before' && cache.internals.isConnected;
		}, 'the value is in Redis');
		proxy.add(fault);
		const settled: Settled<unknown>[] = [];
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
			settled.push(...(await Promise.all(calls.map((call) => settle<unknown>(call)))));
		}
		proxy.heal();
		await untilConnectedAndReconciled(cache);
		// After an OOM error sets are not tried for a short time.
		await until(async () => (await cache.set('after', 1)).stored === 'redis', 'writes get through');
		return {before, settled, after: await cache.get('after'), pending: cache.stats().pending};
	};

	/** All at the same time: most of each is waiting. */
	let results: readonly Settled<Awaited<ReturnType<typeof sufferFrom>>>[] = [];
	beforeAll(async () => {
		results = await Promise.all(faults.map((fault, index) => settle(sufferFrom(fault, `fault-${index}`))));
	});

	it.each(faults.map((fault, index) => [describeFault(fault), index] as const))(
		'%s: every call settles in time, none rejects, and the cache recovers',
		(_label, index) => {
			const result = results[index];
			expect(result?.error).toBeUndefined();
			const {before, settled = [], after, pending} = result?.value ?? {};
			expect({before, after, pending}).toEqual({before: 'before', after: 1, pending: 0});
			expect(settled.filter(({error}) => error !== undefined)).toEqual([]);
			// The deadline, twice if a marker has to be created first, and the delays of a busy machine.
			expect(Math.max(...settled.map(({ms}) => ms))).toBeLessThan(1200);
		},
	);

	it('the mode goes from connected to fallback, recovering and connected, with reasons', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		const modes: string[] = [];
		cache.on('mode', ({mode, previous}) => modes.push(`${previous.mode} -> ${mode}`));
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		expect(cache.stats().mode.reason).not.toBe('');
		await cache.delete('k');
		proxy.heal();
		await untilConnected(cache);
		expect(modes).toEqual(['connected -> fallback', 'fallback -> recovering', 'recovering -> connected']);
		expect(cache.stats().modes.map(({mode}) => mode)).toEqual([
			'recovering',
			'connected',
			'fallback',
			'recovering',
			'connected',
		]);
	});

	it.each(['get', 'set'] as const)('64 callers of %s wait for two deadlines each at most', async (call) => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'v');
		await untilEnsured(cache);
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
		await until(async () => {
			await cache.get('x');
			return cache.stats().mode.mode === 'fallback';
		}, 'fallback');
		const times: number[] = [];
		for (let round = 0; round < 200; round++) {
			const {ms} = await settle(round % 2 === 0 ? cache.get('k') : cache.set(`s${round % 10}`, round));
			times.push(ms);
		}
		times.sort((a, b) => a - b);
		expect(times[100]).toBeLessThan(2);
		expect(times[190]).toBeLessThan(50);
	});

	it('Redis is in use again within a second of its return', async () => {
		const recoveryMs = async (fault: WireFault): Promise<number> => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy);
			proxy.add(fault);
			await until(async () => {
				await cache.get('x');
				return cache.stats().mode.mode === 'fallback';
			}, 'fallback');
			// So that the pause between attempts to connect has grown to its maximum.
			await new Promise((resolve) => setTimeout(resolve, 700));
			const begun = performance.now();
			proxy.heal();
			await untilConnected(cache);
			return performance.now() - begun;
		};
		const kinds = ['refuse', 'blackhole', 'stall', 'reset'] as const;
		const times = await Promise.all(kinds.map((kind) => recoveryMs({kind})));
		process.stdout.write(`back in use after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
		times.sort((a, b) => a - b);
		expect(times[1]).toBeLessThan(1000);
		expect(times.at(-1)).toBeLessThan(2500);
	});

	it.each([1, 4])('a silent outage is noticed within two seconds without any call (%i lanes)', async (lanes) => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes}});
		const began = performance.now();
		proxy.add({kind: 'blackhole'});
		await untilFallback(cache);
		// A heartbeat each second, then the deadlines that a lane may miss before it is reset.
		expect(performance.now() - began).toBeLessThan(2500);
	});

	it('one lost heartbeat is not an outage', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}});
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		const held = tap.holdRequest('TIME');
		await until(() => (cache.stats().pool.lanes[0]?.timeouts ?? 0) >= 1, 'a heartbeat has missed its deadline');
		held.release();
		await until(() => (cache.stats().pool.lanes[0]?.inFlight ?? 1) === 0, 'answers');
		expect(modes).toEqual([]);
	});

	it('a cache whose Redis was never there says why, and where, once', async () => {
		const url = `redis://127.0.0.1:${await freePort()}`;
		const cache = fixture.create({url});
		await untilFallback(cache);
		const {reason} = cache.stats().mode;
		expect(reason).toMatch(/^not connected within \d+ ms: Cannot connect to redis:.* ECONNREFUSED/);
		expect(reason.split(url)).toHaveLength(2);
	});
});
