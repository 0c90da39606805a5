import type {Peer} from './peer.js';
import {openRedisCache} from './redis-cache-tui-peer.js';

export const peer: Peer = {
	name: 'redis-cache-tui, grace',
	packages: ['redis-cache-tui', 'ioredis'],
	documentation: ['README.md'],
	settings: 'defaults and `ttl: {grace: "10m"}`: past its TTL a value may be served while Redis is away',
	open: (url) => openRedisCache({url, ttl: {grace: '10m'}}),
};
