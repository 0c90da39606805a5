import type {Cacheable} from 'cacheable';
import {ignore, type OpenPeer} from './peer.js';

/** A Cacheable with any stores behind the common interface. */
export function cacheablePeer(cache: Cacheable): OpenPeer {
	cache.on('error', ignore);
	return {
		get: (key) => cache.get(key),
		getOrSet: (key, loader, ttl) => cache.getOrSet(key, async () => loader(), {ttl}),
		set: (key, value, ttl) => cache.set(key, value, ttl),
		delete: (key) => cache.delete(key),
		close: () => cache.disconnect(),
	};
}
