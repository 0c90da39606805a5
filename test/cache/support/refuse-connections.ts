import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {SafetySwitches} from '../../../source/cache/outage/safety-switches.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import type {FaultProxy} from '../../../source/proxy/fault-proxy.js';
import type {CacheFixture} from '../../support/cache-fixture.js';
import {untilConnected, untilFallback} from './states.js';

export type Outage = {
	readonly cache: RedisCache;
	/** Stands for another process, which still reaches Redis. */
	readonly other: RedisCache;
	readonly proxy: FaultProxy;
	heal(): Promise<void>;
};

/** Refuses the connections of a cache, while another one still reaches Redis. @param before Done first. */
export async function refuseConnections(
	fixture: CacheFixture,
	switches: Partial<SafetySwitches>,
	options: CacheOptions,
	before: (cache: RedisCache) => Promise<unknown>,
): Promise<Outage> {
	const proxy = await fixture.proxy();
	const cache = await fixture.openBehind(proxy, options, switches);
	const other = await fixture.open({}, switches);
	await before(cache);
	proxy.add({kind: 'refuse'});
	await untilFallback(cache);
	return {
		cache,
		other,
		proxy,
		heal: async () => {
			proxy.heal();
			await untilConnected(cache);
		},
	};
}
