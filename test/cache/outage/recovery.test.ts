import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {setScript} from '../../../source/cache/scripts/key-scripts.js';
import {loopNow} from '../../../source/pool/loop-clock.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap} from '../../support/tap.js';
import {untilConnected, untilFallback, untilReconciled} from '../support/states.js';

const fixture = redisFixture();

const recoveryMs = async (cache: RedisCache): Promise<number> => {
	const healed = performance.now();
	await untilConnected(cache);
	return performance.now() - healed;
};

/** Sets new keys until it is stopped. */
const writing = (cache: RedisCache, everyMs: number): {stop(): void} => {
	let index = 0;
	const timer = setInterval(() => {
		for (let each = 0; each < 5; each++) void cache.set(`k${index++}`, index);
	}, everyMs);
	return {stop: () => clearInterval(timer)};
};

describe('a recovery', () => {
	it('ends although changes go on being made, even with a slow network', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 1000});
		proxy.add({kind: 'latency', delayMs: 20, direction: 'up'});
		const refused = proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		await cache.set('before', 'value');
		const traffic = writing(cache, 5);
		proxy.lift(refused.id);
		expect(await recoveryMs(cache).finally(() => traffic.stop())).toBeLessThan(3000);
		expect(cache.internals.parts.journal.hasKey('rct:default:before')).toBe(false);
		await untilReconciled(cache);
	});

	it('ends although one key goes on being changed', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 1000});
		proxy.add({kind: 'latency', delayMs: 20, direction: 'up'});
		const refused = proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		const timer = setInterval(() => void cache.set('hot', 'value'), 2);
		await cache.set('hot', 'value');
		proxy.lift(refused.id);
		expect(await recoveryMs(cache).finally(() => clearInterval(timer))).toBeLessThan(3000);
		await untilReconciled(cache);
	});

	it('does not wait for writes that were rejected in the queue', async () => {
		const proxy = await fixture.proxy();
		const deadline = 400;
		const cache = await fixture.openBehind(proxy, {deadline});
		await cache.set('k', 'warm');
		const stalled = proxy.add({kind: 'stall'});
		const burst = Array.from({length: 1000}, (_, index) => cache.set('k', index));
		await untilFallback(cache);
		proxy.lift(stalled.id);
		// Sent writes are final after two deadlines; queued writes, which may take ten, were rejected.
		expect(await recoveryMs(cache)).toBeLessThan(4 * deadline);
		await Promise.all(burst);
		await untilReconciled(cache);
	});

	it('waits no longer than a deadline for changes of one key that were lost with their connection', async () => {
		const tap = await startTap(fixture.redis);
		const deadline = 1500;
		const cache = await fixture.open({url: tap.url, deadline});
		await cache.set('k', 'warm');
		const held = tap.holdRequest(setScript.sha);
		const lost = [cache.set('k', 1), cache.set('k', 2)];
		await held.passed;
		const begun = loopNow();
		tap.cutAll();
		await untilFallback(cache);
		const later = cache.set('k', 3);
		await untilConnected(cache);
		// When the first of them was known to be final it was two deadlines more, for the others.
		expect(loopNow() - begun).toBeLessThan(2 * deadline);
		await Promise.all([...lost, later]);
		await untilReconciled(cache);
	});
});
