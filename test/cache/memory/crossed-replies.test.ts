import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {startTap, type Tap} from '../../support/tap.js';
import {markMemoryUnverified, untilUntracked, untilWritesSettled} from '../support/states.js';

const fixture = redisFixture();

/** A cache to which Redis sends no invalidations: they would hide how it handles replies. */
const openUntracked = async (): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	await fixture.raw.acl('SETUSER', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
	const tap = await startTap(fixture.redis);
	const url = tap.url.replace('redis://', 'redis://plain:any@');
	const cache = await fixture.open({url, ttl: '1h', deadline: 3000, memory: {trust: '1h'}, pool: {lanes: 2}});
	await untilUntracked(cache);
	return {cache, tap};
};

/** Reads several times, so that some reads use the connection that is not held up. */
const readOverFreeLane = async (cache: RedisCache, key: string): Promise<unknown> => {
	const reads: Promise<unknown>[] = [];
	for (let turn = 0; turn < 4; turn++) {
		reads.push(cache.get(key));
		await sleep(5);
	}
	return Promise.race(reads);
};

describe('two reads of a key whose replies arrive in the wrong order', () => {
	itReal('are not mistaken for a rollback of Redis', async () => {
		const {cache, tap} = await openUntracked();
		const other = await fixture.open({ttl: '1h'});
		await other.set('k', 'old');
		const held = tap.holdReply('MGET', 'rct:default:k');
		const slow = cache.get('k');
		await held.passed;
		// The request has passed the tap: now Redis has answered it, too.
		await sleep(50);
		await other.set('k', 'new');
		expect(await readOverFreeLane(cache, 'k')).toBe('new');
		held.release();
		expect(await slow).toBe('old');
		expect(cache.stats().journal.max).toBe(0);
		expect(await cache.get('k')).toBe('new');
		expect(await other.get('k')).toBe('new');
	});
});

describe('a read made right before a delete of the same key', () => {
	itReal('and answered after it with the old value, is not kept', async () => {
		const {cache, tap} = await openUntracked();
		let crossed = 0;
		for (let round = 0; round < 8; round++) {
			const key = `k${round}`;
			await cache.set(key, 'old');
			markMemoryUnverified(cache);
			const held = tap.holdReply('MGET', `rct:default:${key}`);
			const read = cache.get(key);
			const removed = cache.delete(key).then(() => true);
			await held.passed;
			// If both use the same connection, the reply to the delete is held, too.
			const isFirst = await Promise.race([removed, sleep(100, false)]);
			held.release();
			if ((await read) === 'old' && isFirst) crossed++;
			await removed;
			expect(await cache.get(key), `round ${round}`).toBeUndefined();
		}
		expect(crossed).toBeGreaterThan(0);
	});
});

describe('a read made right before a set of the same key', () => {
	itReal('and answered after it with the old value, is neither kept nor mistaken for a rollback of Redis', async () => {
		// Without tracking: the invalidation of the set would hide the fault.
		await fixture.raw.acl('SETUSER', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
		const tap = await startTap(fixture.redis);
		const url = tap.url.replace('redis://', 'redis://plain:any@');
		const cache = await fixture.open({url, ttl: '1h', deadline: 3000, memory: {trust: '1h'}, pool: {lanes: 2}});
		await untilUntracked(cache);
		for (let round = 0; round < 6; round++) {
			const key = `k${round}`;
			await cache.set(key, 'old');
			await untilWritesSettled(cache);
			markMemoryUnverified(cache);
			const held = tap.holdReply('MGET', key);
			const read = cache.get(key);
			const set = cache.set(key, 'new');
			await held.passed;
			// If both use the same connection, the reply to the set is held, too.
			await Promise.race([set, new Promise((resolve) => setTimeout(resolve, 100))]);
			held.release();
			await Promise.all([read, set]);
			expect(await cache.get(key), `round ${round}`).toBe('new');
		}
		expect(cache.stats().journal.max).toBe(0);
	});
});
