// bentocache with what its documentation advises against outages. Needs: npm install bentocache ioredis
import {BentoCache, bentostore} from 'bentocache';
import {memoryDriver} from 'bentocache/drivers/memory';
import {redisBusDriver, redisDriver} from 'bentocache/drivers/redis';
import {Redis} from 'ioredis';

export async function open({url}) {
	const limits = {commandTimeout: 200, maxRetriesPerRequest: 1, retryStrategy: (attempt) => Math.min(50 * attempt, 1000)};
	const connection = new Redis(url, limits);
	connection.on('error', () => {});
	const {host, port, username, password} = connection.options;
	const bus = {connection: {...limits, host, port, username, password}, retryQueue: {enabled: true}};
	const store = bentostore()
		.useL1Layer(memoryDriver({maxSize: '10mb'}))
		.useL2Layer(redisDriver({connection}))
		.useBus(redisBusDriver(bus));
	const cache = new BentoCache({default: 'store', stores: {store}, grace: '10m', l2CircuitBreakerDuration: '1s'});
	return {
		get: (key) => cache.get({key}),
		set: (key, value, {ttl}) => cache.set({key, value, ttl}),
		delete: (key) => cache.delete({key}),
		getOrSet: (key, load, {ttl}) => cache.getOrSet({key, factory: load, ttl}),
		close: () => cache.disconnectAll(),
	};
}
