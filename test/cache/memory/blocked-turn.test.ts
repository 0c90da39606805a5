import {expect, it} from 'vitest';
import {blockLoop} from '../../support/block-loop.js';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

it('an entry is not served after its TTL, even in the turn in which the event loop was blocked', async () => {
	const cache = await fixture.open({ttl: {default: 300, jitter: 0}});
	const hits = () => cache.stats().counters.hitsMemory;
	let blockedAfterHit = false;
	for (let tries = 0; tries < 200 && !blockedAfterHit; tries++) {
		// The announcement of a set makes the entry unverified until it is read again.
		if (tries % 5 === 0) await cache.set('k', tries);
		const before = hits();
		const reading = cache.get('k');
		if (hits() === before) {
			await reading;
			continue;
		}
		blockedAfterHit = true;
		blockLoop(350);
		const late = cache.get('k');
		expect(hits()).toBe(before + 1);
		await late;
	}
	expect(blockedAfterHit).toBe(true);
});
