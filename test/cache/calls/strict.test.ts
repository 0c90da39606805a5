import {describe, expect, it} from 'vitest';
import {RedisCacheError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {
	untilConnected,
	untilConnectedAndReconciled,
	untilEnsured,
	untilFallback,
	untilReconciled,
} from '../support/states.js';

const fixture = redisFixture();

describe('strict calls', () => {
	it('reject in fallback, and change nothing', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'before');
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		for (const call of [
			() => cache.get('k', {strict: true}),
			() => cache.getEntry('k', {strict: true}),
			() => cache.getOrSet('k', () => 1, {strict: true}),
			() => cache.set('k', 'after', {strict: true}),
			() => cache.delete('k', {strict: true}),
		]) {
			const {error, ms} = await settle<unknown>(call());
			expect(error).toBeInstanceOf(RedisCacheError);
			expect((error as Error).message).not.toContain('\n');
			expect(ms).toBeLessThan(100);
		}
		expect(cache.stats().journal.size).toBe(0);
		proxy.heal();
		await untilConnected(cache);
		expect(await cache.get('k', {strict: true})).toBe('before');
	});

	it('reject at their deadline if Redis does not answer, and the key is reconciled', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true});
		await cache.set('k', 'before');
		await untilEnsured(cache);
		proxy.add({kind: 'stall'});
		const {error, ms} = await settle(cache.set('k', 'after'));
		expect(error).toMatchObject({code: 'ERR_DEADLINE'});
		expect(ms).toBeLessThan(600);
		expect(cache.stats().journal.size).toBe(1);
		proxy.heal();
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a strict cache', () => {
	it('rejects reads in flight with an UnavailableError when it falls back', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true});
		await cache.set('warm', 1);
		proxy.add({kind: 'stall'});
		// The last are in flight when the second deadline of silence is over.
		const reads = Array.from({length: 16}, async (_, index) => {
			await new Promise((resolve) => setTimeout(resolve, index * 30));
			return settle(cache.get(`k${index}`));
		});
		const errors = (await Promise.all(reads)).map(({error}) => error as Error);
		expect(errors.every((error) => error instanceof Error)).toBe(true);
		expect(errors.map(({name}) => name)).not.toContain('ClosedError');
		expect(errors.map(({name}) => name)).toContain('UnavailableError');
	});

	it('rejects every change in fallback, and changes nothing', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true});
		await cache.set('k', 'value', {tags: ['t']});
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		for (const call of [
			() => cache.clear(),
			() => cache.invalidateTags(['t']),
			() => cache.expire('k', '1m'),
			() => cache.touch('k'),
			() => cache.set('k', 'other'),
			() => cache.delete('k'),
		])
			expect((await settle<unknown>(call())).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
		expect(cache.stats().journal.size).toBe(0);
		proxy.heal();
		await untilConnected(cache);
		expect(await cache.get('k')).toBe('value');
	});

	it('rejects a clear or invalidateTags that is in doubt, and reconciles it nevertheless', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true, breaker: {consecutive: 1000, minimum: 100_000}});
		await cache.set('k', 'value', {tags: ['t']});
		const fault = proxy.add({kind: 'error', error: 'CLUSTERDOWN'});
		expect((await settle(cache.invalidateTags(['t']))).error).toMatchObject({code: 'ERR_SERVER_CLUSTERDOWN'});
		expect((await settle(cache.clear())).error).toMatchObject({code: 'ERR_SERVER_CLUSTERDOWN'});
		proxy.lift(fault.id);
		await untilReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('rejects a set that is not tried because Redis is full with OOM', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'value');
		await fixture.raw.config('SET', 'maxmemory', '1');
		try {
			const first = await settle(cache.set('k', 'other', {strict: true}));
			const second = await settle(cache.set('k', 'other', {strict: true}));
			expect(first.error).toMatchObject({code: 'ERR_SERVER_OOM'});
			expect(second.error).toMatchObject({code: 'ERR_SERVER_OOM'});
		} finally {
			await fixture.raw.config('SET', 'maxmemory', '0');
		}
	});
});

it('strict reads that miss their deadline reject with a DeadlineError, even if the connection is closed because of it', async () => {
	const proxy = await fixture.proxy();
	const cache = await fixture.openBehind(proxy, {deadline: 300, memory: false, pool: {lanes: 1, missedDeadlines: 1}});
	expect(await cache.get('k')).toBeUndefined();
	proxy.add({kind: 'blackhole'});
	const settled = await Promise.all(
		Array.from({length: 5}, (_, index) => settle(cache.get(`k${index}`, {strict: true}))),
	);
	expect(settled.map(({error}) => (error as {code?: string}).code)).toEqual(new Array(5).fill('ERR_DEADLINE'));
});
