import {once} from 'node:events';
import {Redis} from 'ioredis';
import {asyncCacheDedupePeer} from './async-cache-dedupe-peer.js';
import {ignore, type Peer} from './peer.js';

/** The configuration of its documentation. */
export const peer: Peer = {
	name: 'async-cache-dedupe, defaults',
	packages: ['async-cache-dedupe', 'ioredis'],
	documentation: ['https://github.com/mcollina/async-cache-dedupe#createcacheopts'],
	settings: '`storage: {type: "redis", options: {client: new Redis()}}`; no memory tier in front of Redis exists',
	open: async (url) => {
		const client = new Redis(url);
		client.on('error', ignore);
		await once(client, 'ready');
		return asyncCacheDedupePeer(client);
	},
};
