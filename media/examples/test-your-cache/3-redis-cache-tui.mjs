// The cache of the shop on redis-cache-tui, with its defaults.
import {RedisCache} from 'redis-cache-tui';

export async function open({url}) {
	const cache = new RedisCache({url});
	// Without Redis the application starts all the same.
	await cache.ready('5s').catch(() => {});
	return {
		get: (key) => cache.get(key),
		set: (key, value, options) => cache.set(key, value, options),
		delete: (key) => cache.delete(key),
		getOrSet: (key, load, options) => cache.getOrSet(key, load, options),
		close: () => cache.close(),
	};
}
