import {once} from 'node:events';
import {createServer} from 'node:http';
import {RedisCache} from '../../../source/index.js';

const cache = new RedisCache();
const server = createServer(async (_request, response) => {
	const greeting = await cache.get<string>('greeting');
	if (!server.listening) response.setHeader('connection', 'close'); // clients must not send more on this connection
	response.end(greeting);
}).listen(process.env.PORT);

process.once('SIGTERM', async () => {
	server.close(); // no new connections
	await once(server, 'close'); // waits for requests in progress, which need the cache
	await cache.close(); // now nothing keeps Node.js alive
});
