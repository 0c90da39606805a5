// This library with its defaults. Needs: npm install redis-cache-tui
import {RedisCache} from 'redis-cache-tui';

export async function open({url}) {
	const cache = new RedisCache({url});
	await cache.ready('5s');
	return {
		get: (key) => cache.get(key),
		set: (key, value, {ttl}) => cache.set(key, value, {ttl}),
		delete: (key) => cache.delete(key),
		getOrSet: (key, load, {ttl}) => cache.getOrSet(key, load, {ttl}),
		close: () => cache.close(),
	};
}
