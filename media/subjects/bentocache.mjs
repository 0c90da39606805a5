// bentocache with memory, Redis and bus, as in its guide "Multi Tier". Needs: npm install bentocache ioredis
import {BentoCache, bentostore} from 'bentocache';
import {memoryDriver} from 'bentocache/drivers/memory';
import {redisBusDriver, redisDriver} from 'bentocache/drivers/redis';
import {Redis} from 'ioredis';

export async function open({url}) {
	const connection = new Redis(url);
	connection.on('error', () => {});
	const {host, port, username, password} = connection.options;
	const store = bentostore()
		.useL1Layer(memoryDriver({maxSize: '10mb'}))
		.useL2Layer(redisDriver({connection}))
		.useBus(redisBusDriver({connection: {host, port, username, password}}));
	const cache = new BentoCache({default: 'store', stores: {store}});
	return {
		get: (key) => cache.get({key}),
		set: (key, value, {ttl}) => cache.set({key, value, ttl}),
		delete: (key) => cache.delete({key}),
		getOrSet: (key, load, {ttl}) => cache.getOrSet({key, factory: load, ttl}),
		close: () => cache.disconnectAll(),
	};
}
