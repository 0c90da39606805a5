// An application that answers from its cache, and is started by its tests.
import {once} from 'node:events';
import {createServer} from 'node:http';
import {open} from './cache.mjs';

export async function start({redisUrl}) {
	const cache = await open({url: redisUrl});
	const server = createServer(async (_request, response) => {
		const user = await cache.getOrSet('user:1', () => ({name: 'Ada'}));
		response.end(JSON.stringify(user));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const stop = async () => {
		server.close();
		server.closeAllConnections();
		await cache.close();
	};
	return {url: `http://127.0.0.1:${server.address().port}/`, stop};
}
