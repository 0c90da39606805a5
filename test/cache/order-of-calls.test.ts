import {describe, expect, it} from 'vitest';
import {redisFixture} from '../support/cache-fixture.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

describe('calls that are not waited for', () => {
	it('a set is read back at once', async () => {
		const cache = await fixture.open();
		const stored = cache.set('k', 'new');
		expect(await cache.get('k')).toBe('new');
		expect(await stored).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('new');
	});

	it('a set is read back at once without a memory tier as a miss or the new value, never as the old one', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', 'old');
		for (let round = 0; round < 50; round++) {
			const stored = cache.set('k', round);
			expect(await cache.get('k')).not.toBe(round === 0 ? 'old' : round - 1);
			await stored;
			expect(await cache.get('k')).toBe(round);
		}
	});

	it('of several sets, deletes and expiries the last one counts, here and in other processes', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		for (let round = 0; round < 100; round++) {
			const key = `k${round % 7}`;
			const calls = [
				cache.set(key, 1),
				cache.delete(key),
				cache.set(key, 2),
				cache.expire(key, '1h'),
				cache.set(key, 3),
			];
			if (round % 2 === 1) calls.push(cache.delete(key));
			await Promise.all(calls);
			const expected = round % 2 === 1 ? undefined : 3;
			expect(await cache.get(key)).toBe(expected);
			expect(await other.get(key)).toBe(expected);
		}
	});

	it('also when Redis has forgotten the scripts in between', async () => {
		const cache = await fixture.open();
		await cache.set('warm', 1);
		for (let round = 0; round < 20; round++) {
			await fixture.raw.script('FLUSH');
			// Loads the script of one of the two calls, not of the other.
			await (round % 2 === 0 ? cache.delete('other') : cache.set('other', 1));
			await Promise.all([cache.set('k', round), cache.delete('k')]);
			expect(await cache.get('k')).toBeUndefined();
			await Promise.all([cache.delete('k'), cache.set('k', round)]);
			expect(await cache.get('k')).not.toBe(round - 1);
		}
	});

	it('a delete before a set leaves the value', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old');
		await Promise.all([cache.delete('k'), cache.set('k', 'new')]);
		expect(await cache.get('k')).toBe('new');
	});

	it('a set before a clear is gone after it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes: 8}});
		await cache.set('warm', 1);
		// Each lane is late by another time, so that the clear often overtakes the sets.
		proxy.add({kind: 'latency', delayMs: 20, jitterMs: 20, direction: 'up'});
		for (let round = 0; round < 10; round++) {
			const keys = Array.from({length: 8}, (_, index) => `k${round}:${index}`);
			const stored = keys.map((key) => cache.set(key, 'old'));
			await cache.clear();
			await Promise.all(stored);
			expect(await cache.getMany(keys)).toEqual(new Map());
		}
	});

	it('a set before an invalidation of its tag is gone after it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes: 8}});
		await cache.set('warm', 1, {tags: ['t']});
		proxy.add({kind: 'latency', delayMs: 20, jitterMs: 20, direction: 'up'});
		for (let round = 0; round < 10; round++) {
			const keys = Array.from({length: 8}, (_, index) => `k${round}:${index}`);
			const stored = keys.map((key) => cache.set(key, 'old', {tags: ['t', 'u']}));
			await cache.invalidateTags(['t']);
			await Promise.all(stored);
			expect(await cache.getMany(keys)).toEqual(new Map());
		}
	});

	it('an expiry right after a set is not lost', async () => {
		const cache = await fixture.open();
		const stored = cache.set('k', 'value', {ttl: '1h'});
		const expired = cache.expire('k', '10s');
		await Promise.all([stored, expired]);
		expect(await fixture.raw.pttl('rct:default:k')).toBeLessThanOrEqual(10_000);
		expect(await cache.ttl('k')).toBeLessThanOrEqual(10_000);
	});
});

describe('a change that could not be sent', () => {
	it('counts, although an earlier one of the same key arrives after it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {pool: {lanes: 2}});
		await cache.set('k', 'first');
		for (let round = 0; round < 5; round++) {
			// The set is on its way when the cache falls back, and arrives, in time, after the delete could not be sent.
			const held = proxy.add({kind: 'latency', delayMs: 60, direction: 'up'});
			const stored = cache.set('k', 'second');
			cache.internals.parts.modes.fallBack('a test says so');
			expect(await cache.delete('k')).toEqual({stored: 'memory'});
			await stored;
			proxy.lift(held.id);
			await until(() => cache.stats().mode.mode === 'connected', 'connected again');
			expect(await cache.get('k')).toBeUndefined();
		}
	});
});

describe('a change that was refused because too many are waiting', () => {
	it('counts, although an earlier one of the same key arrives after it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {
			deadline: 1500,
			pool: {lanes: 1},
			journal: {maxKeys: 100_000},
		});
		await cache.set('k', 'first');
		const held = proxy.add({kind: 'latency', delayMs: 700, direction: 'up'});
		const stored = cache.set('k', 'second');
		const crowd = Array.from({length: 50_300}, (_, index) => cache.delete(`x${index}`));
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		expect(await stored).toEqual({stored: 'redis'});
		proxy.lift(held.id);
		await Promise.all(crowd);
		await until(
			() => cache.stats().mode.mode === 'connected' && cache.stats().journal.size === 0,
			'all is well again',
			{
				timeoutMs: 25_000,
			},
		);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a value', () => {
	it('that the caller changes after set is stored as it was', async () => {
		const cache = await fixture.open();
		const value = {items: [1]};
		const stored = cache.set('k', value);
		value.items.push(2);
		await stored;
		expect(await cache.get('k')).toEqual({items: [1]});
	});

	it('of bytes that the caller changes after set is stored as it was', async () => {
		const cache = await fixture.open({codec: 'buffer'});
		const value = Buffer.from('before');
		const stored = cache.set('k', value);
		value.fill('x');
		await stored;
		expect(await cache.get('k')).toEqual(Buffer.from('before'));
		expect(await (await fixture.open({codec: 'buffer'})).get('k')).toEqual(Buffer.from('before'));
	});
});
