import {describe, expect, it} from 'vitest';
import {loopNow} from '../../../source/pool/loop-clock.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap} from '../../support/tap.js';
import {untilConnectedAndReconciled, untilReconciled} from '../support/states.js';

const fixture = redisFixture();

describe('a burst of writes', () => {
	it('larger than the queues hold in flight is executed, and neither falls back nor invalidates the namespace', async () => {
		const cache = await fixture.open({ttl: '1h', deadline: 10_000});
		const other = await fixture.open({ttl: '1h'});
		await cache.set('warm', 1);
		await other.set('neighbour', 1);
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		const results = await Promise.all(Array.from({length: 15_000}, (_, index) => cache.delete(`k${index}`)));
		expect(results.filter(({stored}) => stored === 'redis')).toHaveLength(15_000);
		expect(modes).toEqual([]);
		expect(cache.stats().journal).toMatchObject({size: 0, overflowed: 0});
		expect(await other.get('neighbour')).toBe(1);
	});

	it('that Redis does not answer in time is kept in memory, reported once, and reconciled', async () => {
		const cache = await fixture.open({ttl: '1h', deadline: 100, pool: {missedDeadlines: 100_000}});
		await cache.set('warm', 1);
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.name));
		fixture.redis.pause();
		try {
			const results = await Promise.all(Array.from({length: 5000}, (_, index) => cache.set(`k${index}`, index)));
			expect(results.every(({stored}) => stored === 'memory')).toBe(true);
		} finally {
			fixture.redis.resume();
		}
		expect(errors.filter((name) => name === 'OverloadError').length).toBeLessThanOrEqual(2);
		await untilConnectedAndReconciled(cache);
	});
});

describe('twenty thousand calls in one turn', () => {
	const keys = Array.from({length: 20_000}, (_, index) => `k${index}`);

	it('neither take a healthy Redis out of use nor invalidate the namespace', async () => {
		const cache = await fixture.open({ttl: '1h', deadline: 500});
		const reader = await fixture.open({ttl: '1h', memory: false, deadline: 500});
		await reader.set('neighbour', 1);
		const modes: string[] = [];
		for (const each of [cache, reader]) each.on('mode', ({mode, reason}) => modes.push(`${mode}: ${reason}`));
		await Promise.all(keys.map((key) => cache.set(key, key)));
		await Promise.all(keys.map((key) => reader.get(key)));
		expect(modes).toEqual([]);
		expect(cache.stats().journal.overflowed).toBe(0);
		expect(cache.stats().counters.timeouts + reader.stats().counters.timeouts).toBe(0);
		expect(await reader.get('neighbour')).toBe(1);
		await untilReconciled(cache);
	});

	it('are all executed by a Redis that goes on answering', async () => {
		const cache = await fixture.open({ttl: '1h', deadline: 1000});
		const reader = await fixture.open({ttl: '1h', memory: false, deadline: 1000});
		const sets = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(sets.filter(({stored}) => stored === 'redis')).toHaveLength(keys.length);
		const found = await Promise.all(keys.map((key) => reader.get(key)));
		expect(found).toEqual(keys);
		expect(cache.stats().counters.shed + reader.stats().counters.shed).toBe(0);
	});

	it('settle within three deadlines if Redis does not answer, and within one in fallback', async () => {
		const cache = await fixture.open({ttl: '1h', memory: false, deadline: 500});
		await cache.set('warm', 1);
		fixture.redis.pause();
		try {
			const calls = [
				Promise.all(keys.map((key) => cache.get(key))),
				Promise.all(keys.map((key) => cache.set(key, 1))),
			] as const;
			const began = loopNow();
			const [values, sets] = await Promise.all(calls);
			expect(loopNow() - began).toBeLessThan(3 * 500);
			expect(values.every((value) => value === undefined)).toBe(true);
			expect(sets.every(({stored}) => stored === 'memory')).toBe(true);
			const again = loopNow();
			await Promise.all(keys.slice(0, 1000).map((key) => cache.get(key)));
			expect(loopNow() - again).toBeLessThan(500);
		} finally {
			fixture.redis.resume();
		}
	});
});

describe('a failed command', () => {
	it('that many sets wait for, because it creates their markers, is counted once', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, deadline: 300, pool: {missedDeadlines: 1000}});
		const errors: Error[] = [];
		const modes: string[] = [];
		cache.on('error', ({error}) => errors.push(error));
		cache.on('mode', ({mode}) => modes.push(mode));
		const held = tap.holdRequest('EVALSHA', 'rct:!{default}');
		const results = await Promise.all(Array.from({length: 50}, (_, index) => cache.set(`k${index}`, index)));
		held.release();
		expect(results.every(({stored}) => stored === 'memory')).toBe(true);
		expect(errors.map(({name}) => name)).toEqual(['DeadlineError']);
		expect(cache.stats().counters.timeouts).toBe(1);
		expect(modes).toEqual([]);
	});
});
