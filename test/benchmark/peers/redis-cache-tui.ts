import type {Peer} from './peer.js';
import {openRedisCache} from './redis-cache-tui-peer.js';

export const peer: Peer = {
	name: 'redis-cache-tui, defaults',
	packages: ['redis-cache-tui', 'ioredis'],
	documentation: ['README.md'],
	settings: 'defaults: command deadline 200 ms, breaker, journal, memory tier',
	open: (url) => openRedisCache({url}),
};
