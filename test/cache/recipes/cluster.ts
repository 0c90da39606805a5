import {RedisCache} from '../../../source/index.js';

/** `url` is `redis+cluster://10.0.0.7:6379,10.0.0.8:6379`. */
export function openCache(url: string) {
	const cache = new RedisCache({url});
	cache.on('node', ({address, mode, reason, nodes}) => {
		console.warn(`${address} is ${mode}, ${nodes.inUse} of ${nodes.total} nodes are in use: ${reason}`);
	});
	return cache;
}
