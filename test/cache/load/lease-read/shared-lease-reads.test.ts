import {describe, expect, it, vi} from 'vitest';
import type {CacheOptions} from '../../../../source/cache/api/types.js';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {leaseReadScript} from '../../../../source/cache/scripts/lease-read-script.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {gate} from '../../../support/gate.js';
import {startTap} from '../../../support/tap.js';
import {until} from '../../../support/until.js';
import {untilMayReadWithLease} from '../../support/states.js';

const fixture = redisFixture();
const key = 'rct:default:k';

/** A cache without a memory tier that expects each read of a load to miss. */
const open = async (options: CacheOptions): Promise<RedisCache> => {
	const cache = await fixture.open({memory: false, ttl: {default: '1h', jitter: 0}, ...options});
	await until(() => cache.internals.parts.tracking.state.kind === 'tracking', 'Redis sends invalidations');
	await cache.set('warm', 1);
	await untilMayReadWithLease(cache, fixture.raw);
	vi.spyOn(cache.internals.parts.expectedMisses, 'expects').mockReturnValue(true);
	return cache;
};

const hasRead = async () => (await fixture.raw.info('commandstats')).includes('cmdstat_mget');

describe('callers of a key whose lease is being asked for', () => {
	it('do not share its read once that is made without the lease, as there is no room for another script', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await open({url: tap.url, deadline: '30s', pool: {lanes: 1}});
		await cache.set('k', 'old');
		await fixture.raw.config('RESETSTAT');
		const held = tap.holdReply('MGET', key);
		const deletes = Array.from({length: 50_001}, (_, index) => cache.delete(`other:${index}`));
		const first = cache.getOrSet('k', () => 'new');
		await held.passed;
		await until(hasRead, 'Redis has answered');
		await fixture.raw.del(key);
		const second = cache.getOrSet('k', () => 'new');
		held.release();
		expect(await first).toBe('old');
		expect(await second).toBe('new');
		await Promise.all(deletes);
	});

	it('stop waiting for it when their signal is aborted, and load nothing', async () => {
		const cache = await open({deadline: '30s'});
		const {scripts} = cache.internals.parts;
		const start = scripts.start.bind(scripts);
		const {promise: released, open: release} = gate();
		vi.spyOn(scripts, 'start').mockImplementation((call) => {
			const onOutcome = call.onOutcome.bind(call);
			if (call.script === leaseReadScript) call.onOutcome = (outcome) => void released.then(() => onOutcome(outcome));
			start(call);
		});
		const first = cache.getOrSet('k', () => 'first');
		await until(async () => (await fixture.raw.exists(key)) === 1, 'the lease is granted');
		const controllers = [new AbortController(), new AbortController()] as const;
		let loads = 0;
		const waits = vi.spyOn(
			cache.internals.parts.flights.leaseReads.get(key) as object as {whenOver(): unknown},
			'whenOver',
		);
		const second = cache.getOrSet('k', () => ++loads, {signal: controllers[0].signal});
		const third = cache.getOrSetMany(['k'], () => [['k', ++loads]], {signal: controllers[1].signal});
		await until(() => waits.mock.calls.length === 2, 'both wait for the load');
		for (const controller of controllers) controller.abort(new Error('given up'));
		await expect(second).rejects.toThrow('given up');
		await expect(third).rejects.toThrow('given up');
		release();
		expect(await first).toBe('first');
		expect(loads).toBe(0);
	});
});

it('a `getOrSetMany` gives back the lease of a key that is not to be loaded before its other keys are', async () => {
	const cache = await open({ttl: {default: 30, grace: '1h', jitter: 0}, loader: {retryAfter: '1h'}});
	await cache.set('k', 'stale');
	await until(async () => (await cache.getEntry('k', {stale: true}))?.stale === true, 'it is stale');
	const {failedLoads} = cache.internals.parts;
	// Another call fails while the answer is on its way.
	let isFailed = false;
	vi.spyOn(failedLoads, 'isResting').mockImplementation((redisKey) => isFailed && redisKey === key);
	const {promise, open: finish} = gate<string>();
	let isLoading = false;
	const values = cache.getOrSetMany(['k', 'l'], async ({keys}) => {
		isLoading = true;
		const value = await promise;
		return keys.map((each) => [each, value]);
	});
	isFailed = true;
	await until(() => isLoading, 'the other key is being loaded');
	await until(async () => Number(await fixture.raw.getrange(key, 56, 71)) === 0, 'the lease is given back');
	finish('loaded');
	expect([...(await values)]).toEqual([
		['k', 'stale'],
		['l', 'loaded'],
	]);
});
