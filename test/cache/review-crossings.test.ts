import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {itReal} from '../support/real-redis.js';
import {startTap, type Tap} from '../support/tap.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

/** A cache that Redis does not tell of changes: nothing covers up what it makes of answers. */
const openUntold = async (): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	await fixture.raw.acl('SETUSER', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
	const tap = await startTap(fixture.redis);
	const url = tap.url.replace('redis://', 'redis://plain:any@');
	const cache = await fixture.open({url, ttl: '1h', deadline: 3000, memory: {trust: '1h'}, pool: {lanes: 2}});
	await until(() => cache.internals.parts.tracking.state.kind === 'ttl', 'not told of changes');
	return {cache, tap};
};

/** Asks again and again, until the answer does not have to come over the connection that is held up. */
const readElsewhere = async (cache: RedisCache, key: string): Promise<unknown> => {
	const reads: Promise<unknown>[] = [];
	for (let turn = 0; turn < 4; turn++) {
		reads.push(cache.get(key));
		await sleep(5);
	}
	return Promise.race(reads);
};

describe('two reads of a key whose answers change places', () => {
	itReal('are not taken for a Redis that went back in time', async () => {
		const {cache, tap} = await openUntold();
		const other = await fixture.open({ttl: '1h'});
		await other.set('k', 'old');
		const held = tap.holdReply('MGET', 'rct:default:k');
		const slow = cache.get('k');
		await held.passed;
		// It has passed the tap: now it is answered, too.
		await sleep(50);
		await other.set('k', 'new');
		expect(await readElsewhere(cache, 'k')).toBe('new');
		held.release();
		expect(await slow).toBe('old');
		expect(cache.stats().journal.max).toBe(0);
		expect(await cache.get('k')).toBe('new');
		expect(await other.get('k')).toBe('new');
	});
});

describe('a read asked for right before a delete of the same key', () => {
	itReal('and answered after it with what was there before, is not kept', async () => {
		const {cache, tap} = await openUntold();
		let crossed = 0;
		for (let round = 0; round < 8; round++) {
			const key = `k${round}`;
			await cache.set(key, 'old');
			cache.internals.parts.namespaces.open('default').tier?.markAllUnverified();
			const held = tap.holdReply('MGET', `rct:default:${key}`);
			const read = cache.get(key);
			const removed = cache.delete(key).then(() => true);
			await held.passed;
			// Where both take the same connection the answer to the delete is held, too.
			const isFirst = await Promise.race([removed, sleep(100, false)]);
			held.release();
			if ((await read) === 'old' && isFirst) crossed++;
			await removed;
			expect(await cache.get(key), `round ${round}`).toBeUndefined();
		}
		expect(crossed).toBeGreaterThan(0);
	});
});

describe('a read on its way while the life of its key is changed', () => {
	itReal('does not bring the old life back into memory', async () => {
		const {cache, tap} = await openUntold();
		for (const key of ['a', 'b', 'c']) {
			await cache.set(key, 'value');
			cache.internals.parts.namespaces.open('default').tier?.markAllUnverified();
			const held = tap.holdReply('MGET', `rct:default:${key}`);
			const read = cache.get(key);
			await held.passed;
			await sleep(30);
			const change = cache.expire(key, 300);
			// Where both take the same connection the answer to the change is held, too.
			await Promise.race([change, sleep(100)]);
			held.release();
			expect(await read).toBe('value');
			expect(await change).toEqual({stored: 'redis', applied: true});
			expect(await cache.ttl(key), key).toBeLessThan(400);
		}
	});
});

describe('changes made before the first connection', () => {
	it.each(['set', 'delete'] as const)(
		'reach Redis before a %s that was made when the connection was told of',
		async (change) => {
			for (let round = 0; round < 5; round++) {
				const key = `k${round}`;
				const cache = fixture.create({ttl: '1h', deadline: '5s'});
				const first = cache.set(key, 'first');
				await new Promise<void>((resolve) => {
					cache.on('mode', ({mode}) => {
						if (mode === 'connected') resolve();
					});
				});
				const second = change === 'set' ? cache.set(key, 'second') : cache.delete(key);
				expect(await Promise.all([first, second])).toEqual([{stored: 'redis'}, {stored: 'redis'}]);
				expect(await cache.get(key)).toBe(change === 'set' ? 'second' : undefined);
				const other = await fixture.open();
				expect(await other.get(key)).toBe(change === 'set' ? 'second' : undefined);
			}
		},
	);
});

describe('an entry with many tags', () => {
	it('is read in two round trips by a process that knows none of them', async () => {
		const writer = await fixture.open();
		await writer.set('k', 'value', {tags: Array.from({length: 20}, (_, index) => `tag ${index}`)});
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 2000});
		const before = cache.stats().counters.batches;
		expect(await cache.get('k')).toBe('value');
		expect(cache.stats().counters.batches - before).toBe(2);
	});
});

describe('a listener of evictions', () => {
	it.each([
		['deletes what is evicted', (cache: RedisCache, key: string) => cache.delete(key)],
		['sets something else', (cache: RedisCache) => cache.namespace('other').set('k', 1)],
		['reads what is evicted', (cache: RedisCache, key: string) => cache.get(key)],
	])('that %s leaves memory in order', async (_what, work) => {
		const cache = await fixture.open({memory: {maxEntries: 10}});
		let calls = 0;
		cache.on('evict', ({key}) => {
			// What it sets makes room, too: without an end it would go on for ever, if not at once.
			if (calls++ < 500) work(cache, key).catch(() => {});
		});
		for (let index = 0; index < 100; index++) await cache.set(`k${index}`, index);
		await until(() => cache.internals.parts.pendingWrites.size === 0, 'settled');
		const {memory} = cache.stats();
		expect(memory.entries).toBeLessThanOrEqual(10);
		expect(memory.entries).toBeGreaterThan(0);
		let kept = 0;
		for (const {tier} of cache.internals.parts.namespaces) kept += [...(tier?.entries() ?? [])].length;
		expect(kept).toBe(memory.entries);
		for (let index = 0; index < 20; index++) await cache.set(`again ${index}`, index);
		expect(await cache.get('again 19')).toBe(19);
	});
});

describe('a load that fails after the stale value was served', () => {
	it('is counted as one stale hit', async () => {
		const cache = await fixture.open({ttl: {default: 50, grace: '1m', jitter: 0}});
		await cache.set('k', 'value');
		await sleep(80);
		const load = async () => {
			await sleep(60);
			throw new Error('the database is away');
		};
		expect(await cache.getOrSet('k', load, {softTimeout: 20})).toBe('value');
		await until(() => cache.stats().counters.loadErrors === 1, 'failed');
		await sleep(10);
		expect(cache.stats().counters.hitsStale).toBe(1);
	});
});
