import {BentoCache, bentostore} from 'bentocache';
import {memoryDriver} from 'bentocache/drivers/memory';
import {redisBusDriver, redisDriver} from 'bentocache/drivers/redis';
import {bentocachePeer} from './bentocache-peer.js';
import {type Peer, portOf} from './peer.js';

/** The multi-tier setup of its documentation. */
export const peer: Peer = {
	name: 'bentocache, defaults',
	packages: ['bentocache', 'ioredis'],
	documentation: ['https://bentocache.dev/docs/multi-tier'],
	settings: 'memory, Redis and bus as in "Multi Tier"; on ioredis 6, though it asks for 5',
	open: async (url) => {
		const connection = {host: '127.0.0.1', port: portOf(url)};
		const bento = new BentoCache({
			default: 'cache',
			stores: {
				cache: bentostore()
					.useL1Layer(memoryDriver({maxSize: '10mb'}))
					.useL2Layer(redisDriver({connection}))
					.useBus(redisBusDriver({connection})),
			},
		});
		return bentocachePeer(bento as never);
	},
};
