import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

const mode = (cache: RedisCache) => cache.stats().mode.mode;

const recoveryMs = async (cache: RedisCache): Promise<number> => {
	const healed = performance.now();
	await until(() => mode(cache) === 'connected', 'connected again', {timeoutMs: 10_000});
	return performance.now() - healed;
};

/** Sets one new key after the other, and goes on doing so. */
const writing = (cache: RedisCache, everyMs: number): {stop(): void} => {
	let index = 0;
	const timer = setInterval(() => {
		for (let each = 0; each < 5; each++) void cache.set(`k${index++}`, index);
	}, everyMs);
	return {stop: () => clearInterval(timer)};
};

describe('a recovery', () => {
	it('comes to an end although changes go on being made, on a Redis that is far away', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 1000});
		proxy.add({kind: 'latency', delayMs: 20, direction: 'up'});
		const refused = proxy.add({kind: 'refuse'});
		await until(() => mode(cache) === 'fallback', 'fallback');
		await cache.set('before', 'value');
		const traffic = writing(cache, 5);
		proxy.lift(refused.id);
		expect(await recoveryMs(cache).finally(() => traffic.stop())).toBeLessThan(3000);
		expect(cache.internals.parts.journal.hasKey('rct:default:before')).toBe(false);
		await until(() => cache.stats().journal.size === 0, 'what came meanwhile is reconciled');
	});

	it('reconciles a key once, however often it changes meanwhile', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 1000});
		proxy.add({kind: 'latency', delayMs: 20, direction: 'up'});
		const refused = proxy.add({kind: 'refuse'});
		await until(() => mode(cache) === 'fallback', 'fallback');
		const timer = setInterval(() => void cache.set('hot', 'value'), 2);
		await cache.set('hot', 'value');
		proxy.lift(refused.id);
		expect(await recoveryMs(cache).finally(() => clearInterval(timer))).toBeLessThan(3000);
		await until(() => cache.stats().journal.size === 0, 'what came meanwhile is reconciled');
	});

	it('does not wait for writes that no longer wait for their turn', async () => {
		const proxy = await fixture.proxy();
		const deadline = 400;
		const cache = await fixture.openBehind(proxy, {deadline});
		await cache.set('k', 'warm');
		const stalled = proxy.add({kind: 'stall'});
		const burst = Array.from({length: 1000}, (_, index) => cache.set('k', index));
		await until(() => mode(cache) === 'fallback', 'fallback');
		proxy.lift(stalled.id);
		// Nothing is under way any more: two deadlines, where a burst on a Redis that answers may take ten.
		expect(await recoveryMs(cache)).toBeLessThan(4 * deadline);
		await Promise.all(burst);
		await until(() => cache.stats().journal.size === 0, 'reconciled');
	});
});

describe('the reconciler', () => {
	it('does not keep a change waiting for another one that is due later', async () => {
		const cache = await fixture.open();
		const now = performance.timeOrigin + performance.now();
		cache.internals.parts.dirtyKeys.noteKey('rct:default:later', now + 3000);
		cache.internals.parts.dirtyKeys.noteKey('rct:default:soon', now + 50);
		await until(() => !cache.internals.parts.journal.hasKey('rct:default:soon'), 'the one that is due first', {
			timeoutMs: 1500,
		});
		cache.internals.parts.dirtyKeys.noteKey('rct:default:next', performance.timeOrigin + performance.now());
		await until(() => !cache.internals.parts.journal.hasKey('rct:default:next'), 'the one that came later', {
			timeoutMs: 1000,
		});
		expect(cache.internals.parts.journal.hasKey('rct:default:later')).toBe(true);
	});
});

describe('a cache that is closed', () => {
	it('does not tell of an error for each write of a burst that was waiting', async () => {
		const cache = await fixture.open();
		await cache.set('warm', 1);
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
		const burst = Array.from({length: 2000}, (_, index) => cache.set(`k${index % 500}`, index));
		await new Promise(setImmediate);
		await cache.close();
		await Promise.all(burst);
		expect(errors.length).toBeLessThan(5);
	});

	it('does not forget a change that Redis can still be told of', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {breaker: {consecutive: 1000, minimum: 100_000}});
		await cache.set('k', 'old');
		const stalled = proxy.add({kind: 'stall'});
		const removed = cache.delete('k');
		expect(await removed).toEqual({stored: 'memory'});
		proxy.lift(stalled.id);
		await cache.close();
		const other = await fixture.open();
		expect(await other.get('k')).toBeUndefined();
	});

	it('does not wait for a Redis that is away', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'old');
		proxy.add({kind: 'blackhole'});
		await Promise.all(Array.from({length: 10}, (_, index) => cache.set(`k${index}`, index)));
		await until(() => mode(cache) === 'fallback', 'fallback');
		const started = performance.now();
		await cache.close();
		expect(performance.now() - started).toBeLessThan(500);
	});
});
