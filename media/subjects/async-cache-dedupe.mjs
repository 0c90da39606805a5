// async-cache-dedupe caches functions, not values: a change clears the entry. Needs: npm install async-cache-dedupe ioredis
import {createCache} from 'async-cache-dedupe';
import {Redis} from 'ioredis';

export async function open({url}) {
	const client = new Redis(url);
	client.on('error', () => {});
	const cache = createCache({ttl: 60, storage: {type: 'redis', options: {client}}});
	cache.define('item', {serialize: ({key}) => key}, ({load}) => load());
	const clear = (key) => cache.clear('item', {key});
	return {
		get: (key) => cache.get('item', `item~${key}`),
		set: clear,
		delete: clear,
		getOrSet: (key, load) => cache.item({key, load}),
		close: () => client.disconnect(),
	};
}
