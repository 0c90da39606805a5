import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilFallback, untilTracking} from '../support/states.js';

const fixture = redisFixture();

describe('tags and clear', () => {
	it('make every entry with one of the tags a miss, and no other', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		await cache.set('red', 1, {tags: ['red']});
		await cache.set('both', 2, {tags: ['red', 'blue']});
		await cache.set('blue', 3, {tags: ['blue']});
		await cache.set('none', 4);
		const keys = ['red', 'both', 'blue', 'none'];
		expect((await other.getMany(keys)).size).toBe(4);
		expect(await cache.invalidateTags(['red', 'unknown'])).toEqual({stored: 'redis'});
		expect(await cache.getMany(keys)).toEqual(
			new Map([
				['blue', 3],
				['none', 4],
			]),
		);
		await until(async () => (await other.getMany(keys)).size === 2, 'the other sees the change');
		await cache.set('red', 5, {tags: ['red']});
		expect(await cache.get('red')).toBe(5);
		expect(await other.get('red')).toBe(5);
	});

	it('do not hide what is set right after, again and again', async () => {
		const cache = await fixture.open();
		for (let round = 0; round < 50; round++) {
			await cache.clear();
			await cache.set('k', round, {tags: ['t']});
			expect(await cache.get('k')).toBe(round);
			await cache.invalidateTags(['t']);
			expect(await cache.get('k')).toBeUndefined();
			await cache.set('k', round + 1000, {tags: ['t']});
			expect(await cache.get('k')).toBe(round + 1000);
		}
	});

	it('do not hide what is set right after, even with a slow network', async () => {
		const proxy = await fixture.proxy();
		proxy.add({kind: 'latency', delayMs: 10, jitterMs: 10});
		const cache = await fixture.openBehind(proxy, {deadline: 1000});
		for (let round = 0; round < 10; round++) {
			await cache.clear();
			await cache.set('k', round);
			expect(await cache.get('k')).toBe(round);
		}
	});

	it('do not hide what is set right after, even while the server clock is only known within 80 ms', async () => {
		const proxy = await fixture.proxy();
		const slow = proxy.add({kind: 'latency', delayMs: 80, direction: 'up'});
		const cache = await fixture.openBehind(proxy);
		proxy.lift(slow.id);
		await cache.clear();
		await cache.set('k', 1, {tags: ['t']});
		expect(await cache.get('k')).toBe(1);
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('k', 2, {tags: ['t']});
		expect(await cache.get('k')).toBe(2);
		expect(await (await fixture.open()).get('k')).toBe(2);
	});

	it('hide what was set before, even while the server clock is only known within 80 ms', async () => {
		const proxy = await fixture.proxy();
		const slow = proxy.add({kind: 'latency', delayMs: 80, direction: 'up'});
		const cache = await fixture.openBehind(proxy);
		proxy.lift(slow.id);
		await cache.set('k', 1, {tags: ['t']});
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		const stored = cache.set('k', 2, {tags: ['t']});
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		await stored;
		expect(await cache.get('k')).toBeUndefined();
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('k', 3, {tags: ['t']});
		expect(await cache.get('k')).toBe(3);
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('hide stale values, too: they are not served if a loader fails', async () => {
		const cache = await fixture.open();
		await cache.set('k', 'old', {ttl: 1, grace: '1h', tags: ['t']});
		await cache.invalidateTags(['t']);
		const failed = await settle(cache.getOrSet('k', () => Promise.reject(new Error('no database'))));
		expect(failed.error).toMatchObject({message: 'no database'});
	});
});

describe('an entry with many tags', () => {
	it('is read in two round trips by a process that knows none of them', async () => {
		const writer = await fixture.open();
		await writer.set('k', 'value', {tags: Array.from({length: 20}, (_, index) => `tag ${index}`)});
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 2000});
		await untilTracking(cache);
		const before = cache.stats().counters.batches;
		expect(await cache.get('k')).toBe('value');
		expect(cache.stats().counters.batches - before).toBe(2);
	});
});
