import {describe, expect, it} from 'vitest';
import {doublingPause} from '../../../../source/cache/outage/health/doubling-pause.js';
import {Relapses} from '../../../../source/cache/outage/health/relapses.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {untilConnected} from '../../support/states.js';

const probeMs = 50;

describe('a Redis that falls silent as soon as it is back', () => {
	const fixture = redisFixture();

	it('is tried again less and less often', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 100, memory: false, breaker: {probeInterval: probeMs}});
		const losses = 6;
		const pauses: number[] = [];
		let lostAt = performance.now();
		let stalled: number | undefined;
		const done = new Promise<void>((resolve) => {
			cache.on('mode', ({mode}) => {
				if (mode === 'recovering') pauses.push(performance.now() - lostAt);
				if (mode === 'connected') {
					if (pauses.length < losses) stalled = proxy.add({kind: 'stall'}).id;
					else resolve();
				}
				if (mode !== 'fallback' || stalled === undefined) return;
				lostAt = performance.now();
				proxy.lift(stalled);
			});
		});
		stalled = proxy.add({kind: 'stall'}).id;
		const traffic = setInterval(() => void cache.get('key'), 5);
		await done.finally(() => clearInterval(traffic));
		await untilConnected(cache);
		// The first loss is none after another one, and half of each pause is random.
		for (const [index, pause] of pauses.slice(0, losses).entries())
			if (index > 0) expect(pause).toBeGreaterThan(0.45 * probeMs * 2 ** index);
	}, 60_000);
});

describe('the pause after relapses', () => {
	const opened = () => new Relapses(100, () => 1);

	it('doubles with each silence soon after the server was back, up to three seconds', () => {
		const relapses = opened();
		const pauses: number[] = [];
		for (let now = 0; now < 70_000; now += 10_000) {
			relapses.back(now);
			relapses.lost(true, 0, now + 9000);
			pauses.push(relapses.leftMs(now + 9000));
		}
		expect(pauses).toEqual([200, 400, 800, 1600, 3000, 3000, 3000]);
	});

	it('is none after a first outage, nor after one that comes when the server has been well for ten seconds', () => {
		const relapses = opened();
		relapses.lost(true, 0, 0);
		expect(relapses.leftMs(0)).toBe(0);
		relapses.back(1000);
		relapses.lost(true, 0, 2000);
		expect(relapses.leftMs(2000)).toBe(200);
		relapses.back(3000);
		relapses.lost(true, 0, 13_000);
		expect(relapses.leftMs(13_000)).toBe(0);
	});

	it('does not grow where connections are lost, as of a server that restarts again and again', () => {
		const relapses = opened();
		for (let now = 0; now < 5000; now += 1000) {
			relapses.back(now);
			relapses.lost(false, 0, now + 500);
			expect(relapses.leftMs(now + 500)).toBe(0);
		}
		expect(relapses.probes).toBe(1);
	});

	it('grows with each recovery that misses a deadline', () => {
		const relapses = opened();
		relapses.failed(0);
		relapses.failed(1000);
		expect(relapses.leftMs(1000)).toBe(400);
		expect(relapses.leftMs(1100)).toBe(300);
		expect(relapses.probes).toBe(3);
	});

	it('is as long as the pause between probes that was asked for, also where that is longer than the longest', () => {
		expect(doublingPause(30_000, 0, 5000)).toBe(30_000);
		expect(doublingPause(30_000, 5, 5000)).toBe(30_000);
	});

	it('is never shorter than half the pause between probes, however long that is', () => {
		const relapses = new Relapses(10_000, () => 0);
		relapses.failed(0);
		expect(relapses.leftMs(0)).toBe(5000);
	});
});
