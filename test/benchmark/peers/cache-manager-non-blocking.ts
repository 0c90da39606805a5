import {createKeyvNonBlocking} from '@keyv/redis';
import {CacheableMemory} from 'cacheable';
import {Keyv} from 'keyv';
import {cacheManagerPeer} from './cache-manager-peer.js';
import type {Peer} from './peer.js';

/** Its non-blocking mode, on the store that is made for it. */
export const peer: Peer = {
	name: 'cache-manager, non-blocking',
	packages: ['cache-manager', 'keyv', '@keyv/redis', '@redis/client'],
	documentation: [
		'https://github.com/jaredwray/cacheable/tree/main/packages/cache-manager#options',
		'https://github.com/jaredwray/keyv/tree/main/storage/redis#using-the-createkeyvnonblocking-function',
	],
	settings: '`CacheableMemory` and `createKeyvNonBlocking(url)`, `nonBlocking: true`',
	open: async (url) =>
		cacheManagerPeer({
			nonBlocking: true,
			stores: [new Keyv({store: new CacheableMemory({ttl: 60_000, lruSize: 5000})}), createKeyvNonBlocking(url)],
		}),
};
