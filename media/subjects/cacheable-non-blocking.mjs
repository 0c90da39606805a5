// cacheable as it advises against calls that hang on Redis. Needs: npm install cacheable @keyv/redis
import {createKeyvNonBlocking} from '@keyv/redis';
import {Cacheable} from 'cacheable';

export async function open({url}) {
	const cache = new Cacheable({secondary: createKeyvNonBlocking(url), nonBlocking: true});
	cache.on('error', () => {});
	return {
		get: (key) => cache.get(key),
		set: (key, value, {ttl}) => cache.set(key, value, ttl),
		delete: (key) => cache.delete(key),
		getOrSet: (key, load, {ttl}) => cache.getOrSet(key, load, {ttl}),
		close: () => cache.disconnect(),
	};
}
