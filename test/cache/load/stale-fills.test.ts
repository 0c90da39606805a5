import {describe, expect, it} from 'vitest';
import type {SafetySwitches} from '../../../source/cache/outage/safety-switches.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilConnected} from '../support/states.js';

/**
 * A loader that has read the old row must not store it after the row was changed and the cache invalidated. Each scenario
 * invalidates through a second cache while a loader of the first is running, lets the loader return the old row, and returns
 * the value that is read afterwards.
 */
type Scenario = (switches: Partial<SafetySwitches>) => Promise<unknown>;

const fixture = redisFixture();

/** Two caches, as in two processes: the first loads 'old' while `change` is made through the second. */
const overtake = async (
	switches: Partial<SafetySwitches>,
	change: (other: RedisCache, loading: RedisCache) => Promise<unknown>,
): Promise<{readonly loading: RedisCache; readonly changing: RedisCache; readonly loaded: unknown}> => {
	const loading = await fixture.open({}, switches);
	const changing = await fixture.open({}, switches);
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
	switches: Partial<SafetySwitches>,
	change: (other: RedisCache, loading: RedisCache) => Promise<unknown>,
) => {
	const {loading, changing, loaded} = await overtake(switches, change);
	expect(loaded).toBe('old');
	const read = await changing.get('k');
	expect(await loading.get('k')).toBe(read);
	return read;
};

const deleted: Scenario = (switches) => readAfter(switches, (other) => other.delete('k'));

const replaced: Scenario = (switches) => readAfter(switches, (other) => other.set('k', 'new'));

const evicted: Scenario = (switches) =>
	readAfter(switches, async (other) => {
		await fillUntilGone('rct:default:k');
		await other.delete('k');
	});

const restarted: Scenario = (switches) =>
	readAfter(switches, async (other, loading) => {
		await fixture.redis.kill();
		await fixture.redis.start();
		for (const cache of [other, loading]) await untilConnected(cache);
		await other.delete('k');
	});

/** Fills the memory of Redis until it evicts the key. */
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

describe('a loader that has read the old row does not store it', () => {
	for (const [when, scenario, expected] of [
		['after another process deleted the key', deleted, undefined],
		['over what another process has set', replaced, 'new'],
		['when Redis has evicted its lease before the delete', evicted, undefined],
		['when Redis has restarted empty before the delete', restarted, undefined],
	] as const) {
		it(when, async () => {
			expect(await scenario({})).toBe(expected);
		});

		// After a restart the namespace has another generation.
		if (scenario === restarted) continue;
		it(`${when}: without leases it does`, async () => {
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
		await until(() => cache.stats().counters.fillsRefused === 1, 'the fill is refused');
	});
});
