import {createServer} from 'node:http';
import {RedisCache} from 'redis-cache-tui';
import {loadUser} from './database.js';

const cache = new RedisCache();

const server = createServer(async ({url}, response) => {
	if (url === '/metrics') {
		response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
		response.end(await cache.prometheus({cache: 'users'}));
	} else {
		response.end(JSON.stringify(await cache.getOrSet('user:1', () => loadUser('1'))));
	}
});
server.listen(Number(process.env.PORT));
