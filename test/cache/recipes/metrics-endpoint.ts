import {createServer} from 'node:http';
import {RedisCache} from '../../../source/index.js';

export const cache = new RedisCache();

export const server = createServer(async (_request, response) => {
	response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
	response.end(await cache.prometheus({cache: 'users'}));
});
