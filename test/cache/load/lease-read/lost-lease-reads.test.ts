import {expect, it, vi} from 'vitest';
import type {CacheOptions} from '../../../../source/cache/api/types.js';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {leaseReadScript} from '../../../../source/cache/scripts/lease-read-script.js';
import {leaseScript, releaseScript} from '../../../../source/cache/scripts/lease-scripts.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {startTap} from '../../../support/tap.js';
import {until} from '../../../support/until.js';
import {untilMayReadWithLease} from '../../support/states.js';

const fixture = redisFixture();
const key = 'rct:default:k';

/** A cache with a long deadline: a call that waits for it fails the test. */
const open = async (options: CacheOptions): Promise<RedisCache> => {
	const cache = await fixture.open({memory: false, deadline: '60s', ttl: {default: '1h', jitter: 0}, ...options});
	await until(() => cache.internals.parts.tracking.state.kind === 'tracking', 'Redis sends invalidations');
	await cache.set('warm', 1);
	await untilMayReadWithLease(cache, fixture.raw);
	return cache;
};

const isLeased = async () => Number(await fixture.raw.getrange(key, 56, 71)) > 0;

const askers = [
	['a read that takes the lease', leaseReadScript],
	['a request for the lease', leaseScript],
] as const;

it.each(askers)('%s loads at once when its connection is lost, and its lease is given back', async (_name, script) => {
	const tap = await startTap(fixture.redis);
	const cache = await open({url: tap.url});
	vi.spyOn(cache.internals.parts.expectedMisses, 'expects').mockReturnValue(script === leaseReadScript);
	const held = tap.holdReply(script.sha);
	const value = cache.getOrSet('k', () => 'loaded');
	await held.passed;
	await until(isLeased, 'the lease is granted');
	held.cut();
	expect(await value).toBe('loaded');
	await until(async () => (await fixture.raw.exists(key)) === 0, 'it is given back');
});

it.each(askers)('%s takes over a lease of its process that could not be given back', async (_name, script) => {
	const tap = await startTap(fixture.redis);
	const cache = await open({url: tap.url});
	const {expectedMisses, scripts} = cache.internals.parts;
	vi.spyOn(expectedMisses, 'expects').mockReturnValue(true);
	const run = scripts.run.bind(scripts);
	vi.spyOn(scripts, 'run').mockImplementation((script, ...rest) => {
		if (script !== releaseScript) return run(script, ...rest);
		return Promise.resolve({status: 'in-doubt', error: new Error('lost, too'), finalAt: 0, calls: 1});
	});
	const held = tap.holdReply(leaseReadScript.sha);
	const first = cache.getOrSet('k', () => 'first');
	await held.passed;
	await until(isLeased, 'the lease is granted');
	// It would last for ten seconds.
	const ends = await fixture.raw.getrange(key, 72, 87);
	held.cut();
	expect(await first).toBe('first');
	await until(
		() => cache.internals.isConnected && cache.internals.pool.lanes.every(({state}) => state === 'ready'),
		'it is connected again',
	);
	await untilMayReadWithLease(cache, fixture.raw);
	vi.spyOn(expectedMisses, 'expects').mockReturnValue(script === leaseReadScript);
	expect(await fixture.raw.getrange(key, 72, 87)).toBe(ends);
	expect(await cache.getOrSet('k', () => 'second')).toBe('second');
	await until(async () => (await cache.get('k')) === 'second', 'it is stored');
});
