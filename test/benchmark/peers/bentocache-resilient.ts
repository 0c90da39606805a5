import {BentoCache, bentostore} from 'bentocache';
import {memoryDriver} from 'bentocache/drivers/memory';
import {redisBusDriver, redisDriver} from 'bentocache/drivers/redis';
import {bentocachePeer} from './bentocache-peer.js';
import {type Peer, portOf} from './peer.js';

/** The options of its documentation for a Redis that is away, with time limits of its Redis client. */
export const peer: Peer = {
	name: 'bentocache, resilient',
	packages: ['bentocache', 'ioredis'],
	documentation: [
		'https://bentocache.dev/docs/options#l2circuitbreakerduration',
		'https://bentocache.dev/docs/grace-periods',
		'https://bentocache.dev/docs/multi-tier#retry-queue-strategy',
		'https://bentocache.dev/docs/cache-drivers#redis',
	],
	settings:
		'the same with `grace: "10m"`, `l2CircuitBreakerDuration: "1s"`, the bus\'s retry queue, and ioredis with `commandTimeout: 200`, `maxRetriesPerRequest: 1`, retries at most 1 s apart',
	open: async (url) => {
		const connection = {
			host: '127.0.0.1',
			port: portOf(url),
			commandTimeout: 200,
			maxRetriesPerRequest: 1,
			retryStrategy: (attempt: number) => Math.min(attempt * 50, 1000),
		};
		const bento = new BentoCache({
			default: 'cache',
			grace: '10m',
			l2CircuitBreakerDuration: '1s',
			stores: {
				cache: bentostore()
					.useL1Layer(memoryDriver({maxSize: '10mb'}))
					.useL2Layer(redisDriver({connection}))
					.useBus(redisBusDriver({connection, retryQueue: {enabled: true}})),
			},
		});
		return bentocachePeer(bento as never);
	},
};
