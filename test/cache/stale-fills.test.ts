import {describe, expect, it} from 'vitest';
import type {SafetySwitches} from '../../source/cache/outage/safety-switches.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {gate} from '../support/gate.js';
import {until} from '../support/until.js';

/**
 * A loader that has read the old row must not put it back after someone changed the row and told the cache. Each scenario
 * changes the row while a loader is under way in one cache, tells the cache in another, lets the loader end, and returns
 * what is read afterwards.
 */
type Scenario = (mechanisms: Partial<SafetySwitches>) => Promise<unknown>;

const fixture = redisFixture();

/** Two caches, as in two processes; the first loads 'old', while the second does what `change` says. */
const overtake = async (
	mechanisms: Partial<SafetySwitches>,
	change: (other: RedisCache, loading: RedisCache) => Promise<unknown>,
): Promise<{readonly loading: RedisCache; readonly changing: RedisCache; readonly loaded: unknown}> => {
	const loading = await fixture.open({}, mechanisms);
	const changing = await fixture.open({}, mechanisms);
	await loading.set('warm', 1);
	const {promise, open} = gate<string>();
	let begun = false;
	const load = loading.getOrSet('k', () => {
		begun = true;
		return promise;
	});
	await until(() => begun, 'the loader has read the row');
	await change(changing, loading);
	open('old');
	return {loading, changing, loaded: await load};
};

const readAfter = async (
	mechanisms: Partial<SafetySwitches>,
	change: (other: RedisCache, loading: RedisCache) => Promise<unknown>,
) => {
	const {loading, changing, loaded} = await overtake(mechanisms, change);
	expect(loaded).toBe('old');
	const read = await changing.get('k');
	expect(await loading.get('k')).toBe(read);
	return read;
};

const deleted: Scenario = (mechanisms) => readAfter(mechanisms, (other) => other.delete('k'));
const replaced: Scenario = (mechanisms) => readAfter(mechanisms, (other) => other.set('k', 'new'));
const evicted: Scenario = (mechanisms) =>
	readAfter(mechanisms, async (other) => {
		await fillUntilGone('rct:default:k');
		await other.delete('k');
	});
const restarted: Scenario = (mechanisms) =>
	readAfter(mechanisms, async (other, loading) => {
		await fixture.redis.kill();
		await fixture.redis.start();
		for (const cache of [other, loading])
			await until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});
		await other.delete('k');
	});

/** Makes Redis evict a key, by its own choice and for want of memory. */
async function fillUntilGone(key: string): Promise<void> {
	const {raw} = fixture;
	const used = Number(/used_memory:(\d+)/.exec(await raw.info('memory'))?.[1]);
	await raw.config('SET', 'maxmemory-policy', 'volatile-random');
	await raw.config('SET', 'maxmemory', used + 2_000_000);
	const filler = 'x'.repeat(100_000);
	for (let round = 0; (await raw.exists(key)) === 1 && round < 1000; round++)
		await raw.set(`filler:${round}`, filler, 'EX', 1000);
	expect(await raw.exists(key)).toBe(0);
	await raw.config('SET', 'maxmemory', 0);
	await raw.config('SET', 'maxmemory-policy', 'noeviction');
}

describe('a loader that read the old row does not put it back', () => {
	for (const [when, scenario, expected] of [
		['after another process deleted the key', deleted, undefined],
		['over what another process has set', replaced, 'new'],
		['when Redis has evicted its lease before the delete', evicted, undefined],
		['when Redis has restarted empty before the delete', restarted, undefined],
	] as const) {
		it(when, async () => {
			expect(await scenario({})).toBe(expected);
		});

		it(`${when}: it would without leases`, async () => {
			expect(await scenario({leases: false})).toBe('old');
		});
	}

	it('after another process cleared the namespace, or invalidated its tag', async () => {
		expect(await readAfter({}, (other) => other.clear())).toBeUndefined();
	});

	it('after another process invalidated a tag that the loader only then chooses', async () => {
		const loading = await fixture.open();
		const changing = await fixture.open();
		await changing.set('warm', 1, {tags: ['t']});
		const {promise, open} = gate<string>();
		let begun = false;
		const load = loading.getOrSet('k', async ({setOptions}) => {
			begun = true;
			const row = await promise;
			setOptions({tags: ['t']});
			return row;
		});
		await until(() => begun, 'the loader has read the row');
		await changing.invalidateTags(['t']);
		open('old');
		expect(await load).toBe('old');
		expect(await changing.get('k')).toBeUndefined();
		expect(await loading.get('k')).toBeUndefined();
	});

	it('when it took longer than its lease', async () => {
		const cache = await fixture.open();
		const {promise, open} = gate<string>();
		let begun = false;
		const load = cache.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the loader has read the row');
		await fixture.raw.pexpire('rct:default:k', 1);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'the lease has expired');
		open('old');
		expect(await load).toBe('old');
		expect(await cache.get('k')).toBeUndefined();
		expect(cache.stats().counters.fillsRefused).toBe(1);
	});
});

describe('a caller does not join a load that read the row before', () => {
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
				// What others change is known here after a moment, and after a look into Redis.
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
