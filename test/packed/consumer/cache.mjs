// The cache of an application, as its tests and drills open it.
import {RedisCache} from 'redis-cache-tui';

export async function open({url}) {
	const cache = new RedisCache({url, deadline: '500ms'});
	await cache.ready('10s');
	return cache;
}
