import {RedisCache} from '../../../source/index.js';

export const openCache = () => {
	const cache = new RedisCache({url: 'redis+cluster://127.0.0.1:7000,127.0.0.1:7001'});
	cache.on('node', ({address, mode, reason, nodes}) => {
		console.warn(`${address} is ${mode}, ${nodes.inUse} of ${nodes.total} nodes are in use: ${reason}`);
	});
	return cache;
};
