// cache-manager with two tiers, as in its "Quick Start". Needs: npm install cache-manager cacheable keyv @keyv/redis
import KeyvRedis from '@keyv/redis';
import {createCache} from 'cache-manager';
import {CacheableMemory} from 'cacheable';
import {Keyv} from 'keyv';

export async function open({url}) {
	const memory = new Keyv({store: new CacheableMemory({ttl: 60_000, lruSize: 5000})});
	const redis = new Keyv({store: new KeyvRedis(url)});
	for (const store of [memory, redis]) store.on('error', () => {});
	const cache = createCache({stores: [memory, redis]});
	return {
		get: (key) => cache.get(key),
		set: (key, value, {ttl}) => cache.set(key, value, ttl),
		delete: (key) => cache.del(key),
		getOrSet: (key, load, {ttl}) => cache.wrap(key, load, ttl),
		close: () => cache.disconnect(),
	};
}
