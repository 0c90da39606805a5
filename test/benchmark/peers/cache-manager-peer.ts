import {type CreateCacheOptions, createCache} from 'cache-manager';
import {ignore, type OpenPeer} from './peer.js';

/** A cache-manager with any stores behind the common interface. */
export function cacheManagerPeer(options: CreateCacheOptions): OpenPeer {
	for (const store of options.stores ?? []) store.on('error', ignore);
	const cache = createCache(options);
	return {
		get: (key) => cache.get(key),
		getOrSet: (key, loader, ttl) => cache.wrap(key, async () => loader(), ttl),
		set: (key, value, ttl) => cache.set(key, value, ttl),
		delete: (key) => cache.del(key),
		close: () => cache.disconnect(),
	};
}
