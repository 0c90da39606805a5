// cacheable with memory and Redis, as in its "Basic Usage". Needs: npm install cacheable @keyv/redis
import KeyvRedis from '@keyv/redis';
import {Cacheable} from 'cacheable';

export async function open({url}) {
	const cache = new Cacheable({secondary: new KeyvRedis(url)});
	cache.on('error', () => {});
	return {
		get: (key) => cache.get(key),
		set: (key, value, {ttl}) => cache.set(key, value, ttl),
		delete: (key) => cache.delete(key),
		getOrSet: (key, load, {ttl}) => cache.getOrSet(key, load, {ttl}),
		close: () => cache.disconnect(),
	};
}
