import {describe, expect, it, vi} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilEnsured, untilTracking} from '../support/states.js';

const fixture = redisFixture();

const tracked: CacheOptions = {ttl: {default: '1h', jitter: 0}, memory: {coherence: 'tracked'}};

const openTracked = async (options: CacheOptions = {}): Promise<RedisCache> => {
	const cache = await fixture.open({...tracked, ...options});
	await untilTracking(cache);
	return cache;
};

/** Reads until the value is served from memory. */
const untilInMemory = (cache: RedisCache, key: string) =>
	until(async () => (await cache.getEntry(key))?.source === 'memory', `${key} is served from memory`);

const untilSeen = (cache: RedisCache, key: string, expected: unknown) =>
	until(async () => (await cache.get(key)) === expected, `${String(expected)} is seen`);

/** Reads that Redis has answered. */
const reads = async (): Promise<number> => {
	const info = await fixture.raw.info('commandstats');
	return Number(/cmdstat_mget:calls=(\d+)/.exec(info)?.[1] ?? 0);
};

describe('a cache whose reads Redis tracks', () => {
	it('says so', async () => {
		const cache = await openTracked();
		expect(cache.stats().memory.coherence).toBe('tracked');
	});

	for (const [what, change, expected] of [
		['set', (other) => other.set('k', 'new'), 'new'],
		['delete', (other) => other.delete('k'), undefined],
		['soft delete', (other) => other.delete('k', {soft: true}), undefined],
		['clear', (other) => other.clear(), undefined],
		['invalidateTags', (other) => other.invalidateTags(['t']), undefined],
		['expire', (other) => other.expire('k', 1), undefined],
		['FLUSHALL', () => fixture.raw.flushall(), undefined],
		['DEL', () => fixture.raw.del('rct:default:k'), undefined],
	] as const satisfies readonly (readonly [string, (other: RedisCache) => Promise<unknown>, unknown])[]) {
		it(`serves nothing outdated after ${what} elsewhere, each time`, async () => {
			const cache = await openTracked();
			const other = await openTracked();
			for (let round = 0; round < 3; round++) {
				await other.set('k', `old ${round}`, {tags: ['t']});
				await untilSeen(cache, 'k', `old ${round}`);
				await untilInMemory(cache, 'k');
				await change(other);
				await untilSeen(cache, 'k', expected);
			}
		});
	}

	for (const [what, write] of [
		['set', (cache) => cache.set('k', 'own')],
		['getOrSet', (cache) => cache.getOrSet('k', () => 'own')],
		['forced getOrSet', (cache) => cache.getOrSet('k', () => 'own', {fresh: true})],
		['touch', (cache) => cache.touch('k')],
		['expire', (cache) => cache.expire('k', '2h')],
		[
			'setMany',
			(cache) =>
				cache.setMany([
					['k', 'own'],
					['l', 'own'],
				]),
		],
	] as const satisfies readonly (readonly [string, (cache: RedisCache) => Promise<unknown>])[]) {
		it(`learns of a change elsewhere that follows its own ${what}`, async () => {
			const cache = await openTracked();
			const other = await openTracked();
			if (what !== 'getOrSet') {
				await other.set('k', 'before');
				await untilSeen(cache, 'k', 'before');
				await untilInMemory(cache, 'k');
			}
			await write(cache);
			await other.set('k', 'new');
			await untilSeen(cache, 'k', 'new');
		});
	}

	const changedAfterOwnSet = async (trustsOwnWrites: boolean): Promise<unknown> => {
		const cache = await openTracked();
		const other = await openTracked();
		Object.defineProperty(cache.internals.parts.tracking, 'trustsOwnWrites', {get: () => trustsOwnWrites});
		await other.set('warm', 1);
		await untilInMemory(cache, 'warm');
		await untilEnsured(cache);
		await cache.set('k', 'own');
		await other.set('k', 'new');
		await other.set('signal', 1);
		await untilSeen(cache, 'signal', 1);
		return cache.get('k');
	};

	it('reads again what it has set', async () => {
		expect(await changedAfterOwnSet(false)).toBe('new');
	});

	it('would not see later changes of what it has set, if that did not make it unverified', async () => {
		expect(await changedAfterOwnSet(true)).toBe('own');
	});

	it('is told nothing of keys that it has not read', async () => {
		const cache = await openTracked();
		const other = await openTracked();
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		const {changes} = cache.internals.parts;
		const before = changes.now;
		for (let index = 0; index < 20; index++) await other.set(`other ${index}`, index);
		await other.set('k', 'new');
		await untilSeen(cache, 'k', 'new');
		expect(changes.now - before).toBeLessThan(10);
	});

	it('wakes those who wait for the load of another process', async () => {
		const cache = await openTracked();
		const other = await openTracked();
		const waits = vi.spyOn(cache.internals.parts.hub, 'waitForChange');
		let finish = (_value: string) => {};
		const loaded = new Promise<string>((resolve) => {
			finish = resolve;
		});
		const loading = other.getOrSet('k', () => loaded);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 1, 'the lease is taken');
		const waiting = cache.getOrSet('k', () => 'mine');
		await until(() => waits.mock.calls.length > 0, 'it waits');
		const before = await reads();
		await new Promise((resolve) => setTimeout(resolve, 150));
		// It does not ask again and again: Redis announces the fill.
		expect((await reads()) - before).toBeLessThan(3);
		finish('theirs');
		expect(await loading).toBe('theirs');
		expect(await waiting).toBe('theirs');
	});

	it.each(['broadcast', 'tracked'] as const)(
		'does not let a caller join a load that began before the second of two invalidations (%s)',
		async (coherence) => {
			const cache = await fixture.open({ttl: '1h', memory: {coherence}});
			const other = await fixture.open({ttl: '1h'});
			await untilTracking(cache);
			await cache.set('warm', 1, {tags: ['t']});
			await untilEnsured(cache, ['t']);
			const {scripts, changes, namespaces, flights} = cache.internals.parts;
			const {counterKey} = namespaces.open('default');
			// The first one is announced while the load asks for its lease.
			const run = vi.spyOn(scripts, 'run');
			run.mockImplementationOnce(async (...call) => {
				const before = changes.now;
				await other.invalidateTags(['another']);
				await until(() => changes.changedSince(counterKey, before), 'the first one is announced');
				return scripts.run(...call);
			});
			let row = 'old';
			const loaded = gate<void>();
			const load = async () => {
				const value = row;
				await loaded.promise;
				return value;
			};
			const first = cache.getOrSet('k', load, {tags: ['t']});
			await until(() => [...flights.oldest(1)].some(({token}) => token !== undefined && token > 0), 'it loads');
			row = 'new';
			const before = changes.now;
			await other.invalidateTags(['t']);
			if (coherence === 'broadcast') await until(() => changes.changedSince(counterKey, before), 'it is announced');
			const second = cache.getOrSet('k', load, {tags: ['t']});
			// It has read the key by now, and joined the load or not.
			await until(() => cache.stats().counters.misses >= 2, 'it is a miss');
			loaded.open();
			expect(await first).toBe('old');
			expect(await second).toBe('new');
		},
	);

	it('serves nothing that Redis has forgotten to announce for want of room', async () => {
		await fixture.raw.config('SET', 'tracking-table-max-keys', '10');
		try {
			const cache = await openTracked();
			const other = await openTracked();
			const keys = Array.from({length: 100}, (_, index) => `key ${index}`);
			await other.setMany(keys.map((key) => [key, 'old'] as const));
			await cache.getMany(keys);
			await other.setMany(keys.map((key) => [key, 'new'] as const));
			await until(
				async () => [...(await cache.getMany(keys)).values()].every((value) => value === 'new'),
				'all changes are seen',
			);
		} finally {
			await fixture.raw.config('SET', 'tracking-table-max-keys', '1000000');
		}
	});
});
