import {createKeyvNonBlocking} from '@keyv/redis';
import {Cacheable} from 'cacheable';
import {cacheablePeer} from './cacheable-peer.js';
import type {Peer} from './peer.js';

/** The advice of its documentation against calls that hang on Redis. */
export const peer: Peer = {
	name: 'cacheable, non-blocking',
	packages: ['cacheable', '@keyv/redis', '@redis/client'],
	documentation: ['https://cacheable.org/docs/cacheable/#non-blocking-with-keyvredis'],
	settings: '`createKeyvNonBlocking(url)` as the secondary store, `nonBlocking: true`',
	open: async (url) => cacheablePeer(new Cacheable({secondary: createKeyvNonBlocking(url), nonBlocking: true})),
};
