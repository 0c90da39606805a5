import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

const away = async (cache: RedisCache): Promise<void> =>
	until(() => cache.stats().mode.mode === 'fallback', 'fallback', {timeoutMs: 10_000});

describe('with strict', () => {
	it('reads that were under way when Redis was given up reject with a reason that says so', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true});
		await cache.set('warm', 1);
		proxy.add({kind: 'stall'});
		const reads = Array.from({length: 8}, async (_, index) => {
			await new Promise((resolve) => setTimeout(resolve, index * 30));
			return settle(cache.get(`k${index}`));
		});
		const errors = (await Promise.all(reads)).map(({error}) => error as Error);
		expect(errors.every((error) => error instanceof Error)).toBe(true);
		expect(errors.map(({name}) => name)).not.toContain('ClosedError');
		expect(errors.map(({name}) => name)).toContain('UnavailableError');
	});

	it('every change rejects while Redis is away, and changes nothing', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true});
		await cache.set('k', 'value', {tags: ['t']});
		proxy.add({kind: 'refuse'});
		await away(cache);
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
		await until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});
		expect(await cache.get('k')).toBe('value');
	});

	it('clear and invalidateTags reject when their outcome is not known, and are obeyed nevertheless', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {strict: true, breaker: {consecutive: 1000, minimum: 100_000}});
		await cache.set('k', 'value', {tags: ['t']});
		const fault = proxy.add({kind: 'error', error: 'CLUSTERDOWN'});
		expect((await settle(cache.invalidateTags(['t']))).error).toMatchObject({code: 'ERR_SERVER_CLUSTERDOWN'});
		expect((await settle(cache.clear())).error).toMatchObject({code: 'ERR_SERVER_CLUSTERDOWN'});
		proxy.lift(fault.id);
		await until(() => cache.stats().journal.size === 0, 'reconciled');
		expect(await cache.get('k')).toBeUndefined();
	});

	it('a set that is not tried because Redis is full says that it is', async () => {
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

it('strict reads that miss their deadline say so, also where that makes the connection be given up', async () => {
	const proxy = await fixture.proxy();
	const cache = await fixture.openBehind(proxy, {deadline: 300, memory: false, pool: {lanes: 1, missedDeadlines: 1}});
	expect(await cache.get('k')).toBeUndefined();
	proxy.add({kind: 'blackhole'});
	const settled = await Promise.all(
		Array.from({length: 5}, (_, index) => settle(cache.get(`k${index}`, {strict: true}))),
	);
	expect(settled.map(({error}) => (error as {code?: string}).code)).toEqual(new Array(5).fill('ERR_DEADLINE'));
});
