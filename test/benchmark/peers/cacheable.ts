import KeyvRedis from '@keyv/redis';
import {Cacheable} from 'cacheable';
import {cacheablePeer} from './cacheable-peer.js';
import type {Peer} from './peer.js';

/** The two tiers of its documentation. */
export const peer: Peer = {
	name: 'cacheable, defaults',
	packages: ['cacheable', '@keyv/redis', '@redis/client'],
	documentation: ['https://cacheable.org/docs/cacheable/#basic-usage'],
	settings: 'memory and `new KeyvRedis(url)` as the secondary store',
	open: async (url) => cacheablePeer(new Cacheable({secondary: new KeyvRedis(url)})),
};
