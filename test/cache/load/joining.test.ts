import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {itReal} from '../../support/real-redis.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {memoryEntry, untilConnected, untilFallback, untilTracking, untilUntracked} from '../support/states.js';

const fixture = redisFixture();

describe('a caller does not join a load that began before', () => {
	for (const [what, change] of [
		['a delete', (cache) => cache.delete('k')],
		['a set', (cache) => cache.set('k', 'new')],
		['a clear', (cache) => cache.clear()],
		['an invalidation of a tag that the load was given', (cache) => cache.invalidateTags(['given'])],
		['an invalidation of a tag that the loader chooses', (cache) => cache.invalidateTags(['chosen'])],
	] as const satisfies readonly (readonly [string, (cache: RedisCache) => Promise<unknown>])[]) {
		for (const where of ['this', 'another'] as const) {
			it(`${what} in ${where} process`, async () => {
				const cache = await fixture.open();
				const changing = where === 'this' ? cache : await fixture.open();
				await cache.set('warm', 1, {tags: ['given', 'chosen']});
				const rows = ['old', 'new'];
				const gates = [gate(), gate()];
				let loads = 0;
				const load = async ({setOptions}: {setOptions: (options: {tags: string[]}) => void}) => {
					const turn = loads++;
					const row = rows[turn];
					setOptions({tags: ['given', 'chosen']});
					await gates[turn]?.promise;
					return row;
				};
				const before = cache.getOrSet('k', load, {tags: ['given']});
				await until(() => loads === 1, 'the first loader has read the row');
				await change(changing);
				// A change by another process is known here after an invalidation and a read.
				if (where === 'another') await new Promise((resolve) => setTimeout(resolve, 30));
				const after = cache.getOrSet('k', load, {tags: ['given']});
				if (what !== 'a set') await until(() => loads === 2, 'a second load', {timeoutMs: 500}).catch(() => {});
				for (const {open} of gates) open();
				expect(await before).toBe('old');
				expect(await after).toBe('new');
			});
		}
	}
});

const openBehindTap = async (options: CacheOptions = {}): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({deadline: 3000, ...options, url: tap.url});
	if (options.memory !== false) await untilTracking(cache);
	return {cache, tap};
};

describe('a load in progress', () => {
	it('that began without a lease in fallback is not joined once Redis is back', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open();
		await cache.set('warm', 1);
		tap.closed = true;
		tap.cutAll();
		await untilFallback(cache);
		const {promise, open} = gate<string>();
		let begun = false;
		const slow = cache.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the old row is read');
		await other.delete('k');
		// A load that has just begun may be joined.
		await new Promise((resolve) => setTimeout(resolve, 100));
		tap.closed = false;
		await untilConnected(cache);
		expect(await cache.getOrSet('k', () => 'new')).toBe('new');
		open('old');
		expect(await slow).toBe('old');
		expect(await cache.get('k')).toBe('new');
	});

	itReal('is not replaced in memory by the reply to a read that was sent before its fill', async () => {
		// Redis sends no invalidation of the change either.
		await fixture.raw.call('ACL', 'SETUSER', 'untracked', 'on', '>secret', '~*', '&*', '+@all', '-client|tracking');
		const tap = await startTap(fixture.redis);
		const url = tap.url.replace('//', '//untracked:secret@');
		const cache = await fixture.open({url, memory: {trust: '1m'}, deadline: 3000});
		await untilUntracked(cache);
		await cache.set('warm', 1);
		const {promise, open} = gate<string>();
		let begun = false;
		const load = cache.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the load is under way');
		// Not on the lane of the fill.
		const held = tap.holdReplyElsewhere('rct:default:k\r\n$16', 'MGET', 'rct:default:k');
		let isHeld = false;
		void held.passed.then(() => {
			isHeld = true;
		});
		const early: Promise<unknown>[] = [];
		await until(() => {
			if (!isHeld) early.push(cache.get('k'));
			return isHeld;
		}, 'a read is held up');
		open('value');
		await load;
		await until(() => memoryEntry(cache, 'k') !== undefined, 'stored');
		held.release();
		expect(await Promise.all(early)).toEqual(Array.from(early, () => undefined));
		expect(memoryEntry(cache, 'k')).toBeDefined();
	});
});
