import KeyvRedis from '@keyv/redis';
import {CacheableMemory} from 'cacheable';
import {Keyv} from 'keyv';
import {cacheManagerPeer} from './cache-manager-peer.js';
import type {Peer} from './peer.js';

/** The two tiers of its quick start. */
export const peer: Peer = {
	name: 'cache-manager, defaults',
	packages: ['cache-manager', 'keyv', '@keyv/redis', '@redis/client'],
	documentation: ['https://github.com/jaredwray/cacheable/tree/main/packages/cache-manager#quick-start'],
	settings: '`CacheableMemory` and `KeyvRedis` as in "Quick start"',
	open: async (url) =>
		cacheManagerPeer({
			stores: [
				new Keyv({store: new CacheableMemory({ttl: 60_000, lruSize: 5000})}),
				new Keyv({store: new KeyvRedis(url)}),
			],
		}),
};
