import {createServer} from 'node:http';
import {RedisCache} from '../../../source/index.js';
import {loadUser} from './database.js';

export const cache = new RedisCache({ttl: {default: '1m', grace: '1h'}, loader: {softTimeout: '300ms'}});

export const server = createServer(async (request, response) => {
	const id = request.url?.slice('/users/'.length) ?? '';
	try {
		const user = await cache.getOrSet(`user:${id}`, ({signal}) => loadUser(id, signal));
		response.statusCode = user === undefined ? 404 : 200;
		response.end(JSON.stringify(user ?? {error: 'no such user'}));
	} catch {
		// The loader failed and there was no stale value. An unreachable Redis is not an error.
		response.statusCode = 502;
		response.end();
	}
});
