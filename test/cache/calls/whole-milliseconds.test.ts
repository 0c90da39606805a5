import {expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';

const fixture = redisFixture();

it('times of a value are whole milliseconds, from memory and from Redis, and the TTL is over 0 while it is fresh', async () => {
	const cache = await fixture.open();
	const withoutMemory = await fixture.open({memory: false});
	await cache.set('k', 1, {ttl: 150, grace: '1m'});
	let wasStale = false;
	await until(
		async () => {
			for (const each of [cache, withoutMemory]) {
				const ttlMs = await each.ttl('k', {stale: true});
				expect(ttlMs).toSatisfy(Number.isInteger);
				const entry = await each.getEntry('k', {stale: true});
				expect(entry).toMatchObject({
					ageMs: expect.toSatisfy(Number.isInteger),
					ttlMs: expect.toSatisfy(Number.isInteger),
				});
				expect((entry?.ttlMs ?? 0) > 0).toBe(entry?.stale === false);
				wasStale = entry?.stale === true;
			}
			return wasStale;
		},
		'it is stale',
		{everyMs: 3},
	);
	let ageMs: number | undefined;
	await cache.getOrSet('k', (context) => {
		ageMs = context.stale?.ageMs;
		return 2;
	});
	expect(ageMs).toSatisfy(Number.isInteger);
});
