import {expect, it, vi} from 'vitest';
import {redisFixture} from '../../../support/cache-fixture.js';
import {until} from '../../../support/until.js';
import {untilMayReadWithLease, untilStored} from '../../support/states.js';

const fixture = redisFixture();

it('stale values that do not get through in one reply are loaded and stored', async () => {
	const proxy = await fixture.proxy();
	const keys = Array.from({length: 64}, (_, index) => `k${index}`);
	const options = {codec: 'buffer', compression: false, ttl: {default: 20, grace: '1h', jitter: 0}} as const;
	const writer = await fixture.open({...options, deadline: '10s'});
	await writer.setMany(keys.map((key) => [key, Buffer.alloc(7900, 's')]));
	const cache = await fixture.openBehind(proxy, {...options, memory: false, deadline: 200, pool: {lanes: 1}});
	await until(() => cache.internals.parts.tracking.state.kind === 'tracking', 'Redis sends invalidations');
	await cache.set('warm', Buffer.from('warm'));
	await untilMayReadWithLease(cache, fixture.raw);
	vi.spyOn(cache.internals.parts.expectedMisses, 'expects').mockReturnValue(true);
	// Half a mebibyte takes almost two deadlines.
	proxy.add({kind: 'bandwidth', kbps: 1500, direction: 'down'});
	await cache.getOrSetMany(keys, ({keys: missing}) => missing.map((key) => [key, Buffer.from('loaded')]), {ttl: '1h'});
	await untilStored(cache);
	const stored = await (await fixture.open(options)).getMany(keys);
	expect([...stored.values()].map(String)).toEqual(keys.map(() => 'loaded'));
});
