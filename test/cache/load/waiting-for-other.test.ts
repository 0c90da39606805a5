import {expect, it} from 'vitest';
import {maxLeaseMs} from '../../../source/cache/load/lease-length.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {leaseScript} from '../../../source/cache/scripts/lease-scripts.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {fallBack, untilTracking} from '../support/states.js';

const fixture = redisFixture();

const key = 'rct:default:k';

/** The end of the wait must not be that of the lease: it lasts ten seconds, as that of a load that has taken five. */
it.for([
	['Redis goes out of use', async (waiting: RedisCache) => fallBack(waiting)],
	['Redis is flushed, and the lease is gone with all keys', () => fixture.raw.flushall()],
	[
		'the lease is gone, and so is the connection that would have announced it',
		async () => {
			await fixture.raw.multi().call('CLIENT', 'KILL', 'TYPE', 'pubsub').del(key).exec();
		},
	],
] as const)('callers that wait for the load of another process go on at once when %s', async ([, happen]) => {
	const [dead, waiting] = [await fixture.open(), await fixture.open()];
	await Promise.all([untilTracking(dead), untilTracking(waiting)]);
	await dead.set('warm', 1);
	await dead.internals.parts.scripts.run(leaseScript, key, [maxLeaseMs, 0, 0, 60_000, -1]);
	const {hub} = waiting.internals.parts;
	const waitForChange = hub.waitForChange.bind(hub);
	let isWaiting = false;
	hub.waitForChange = (redisKey, ms) => {
		if (ms > 1000) isWaiting = true;
		return waitForChange(redisKey, ms);
	};
	const value = waiting.getOrSet('k', () => 'loaded here');
	await until(() => isWaiting, 'it waits for the end of the lease');
	const happenedAt = performance.now();
	await happen(waiting);
	expect(await value).toBe('loaded here');
	expect(performance.now() - happenedAt).toBeLessThan(maxLeaseMs / 4);
});
