import {once} from 'node:events';
import {Redis} from 'ioredis';
import {asyncCacheDedupePeer} from './async-cache-dedupe-peer.js';
import {ignore, type Peer} from './peer.js';

/** Its documentation has no advice for outages; these are limits of ioredis. */
export const peer: Peer = {
	name: 'async-cache-dedupe, deadline',
	packages: ['async-cache-dedupe', 'ioredis'],
	documentation: [
		'https://github.com/mcollina/async-cache-dedupe#createcacheopts',
		'https://github.com/redis/ioredis#offline-queue',
		'https://github.com/redis/ioredis#auto-reconnect',
	],
	settings:
		"the same with ioredis's `commandTimeout: 200`, `enableOfflineQueue: false`, `maxRetriesPerRequest: 1`, retries at most 1 s apart",
	open: async (url) => {
		const client = new Redis(url, {
			commandTimeout: 200,
			enableOfflineQueue: false,
			maxRetriesPerRequest: 1,
			retryStrategy: (attempt) => Math.min(attempt * 50, 1000),
		});
		client.on('error', ignore);
		await once(client, 'ready');
		return asyncCacheDedupePeer(client);
	},
};
