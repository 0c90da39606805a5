import {once} from 'node:events';
import {createServer} from 'node:http';
import {setTimeout} from 'node:timers/promises';
import {RedisCache} from '../../../source/index.js';

const cache = new RedisCache();
let isEnding = false;
const server = createServer(async (_request, response) => {
	const greeting = await cache.get<string>('greeting');
	if (isEnding) response.setHeader('connection', 'close'); // clients must not send more on this connection
	response.end(greeting);
}).listen(process.env.PORT);

process.once('SIGTERM', async () => {
	isEnding = true;
	await setTimeout(1000); // clients and load balancers learn of it before idle connections are closed
	server.close(); // no new connections
	await once(server, 'close'); // waits for requests in progress, which need the cache
	await cache.close(); // now nothing keeps Node.js alive
});
