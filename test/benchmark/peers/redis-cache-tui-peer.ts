import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import type {OpenPeer} from './peer.js';

/** This library behind the common interface. */
export async function openRedisCache(options: CacheOptions): Promise<OpenPeer> {
	const cache = new RedisCache(options);
	await cache.ready();
	return {
		get: (key) => cache.get(key),
		getOrSet: (key, loader, ttl) => cache.getOrSet(key, loader, {ttl}),
		set: (key, value, ttl) => cache.set(key, value, {ttl}),
		delete: (key) => cache.delete(key),
		close: () => cache.close(),
	};
}
