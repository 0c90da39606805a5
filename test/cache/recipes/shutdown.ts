import {createServer} from 'node:http';
import {RedisCache} from '../../../source/index.js';

const cache = new RedisCache();
const server = createServer(async (_request, response) => response.end(await cache.get('greeting'))).listen(0);

process.once('SIGTERM', async () => {
	server.close();
	await cache.close(); // waits for calls in progress; then nothing keeps Node.js alive
});
