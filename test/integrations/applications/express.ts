import express from 'express';
import {RedisCache} from 'redis-cache-tui';
import {loadUser, saveUser} from './database.js';

const cache = new RedisCache({namespace: 'shop', ttl: {default: '5m', grace: '1h'}, loader: {softTimeout: '300ms'}});
const app = express();
app.use(express.json());

app.get('/users/:id', async ({params: {id}}, response) => {
	const user = await cache.getOrSet(`user:${id}`, () => loadUser(id));
	if (user === undefined) response.status(404).json({error: 'no such user'});
	else response.json(user);
});

app.put('/users/:id', async ({params: {id}, body}, response) => {
	await saveUser({id, name: body.name}); // first the database,
	await cache.delete(`user:${id}`); // then the cache
	response.status(204).end();
});

const server = app.listen(Number(process.env.PORT));
process.once('SIGTERM', () => {
	server.close(() => void cache.close()); // requests in progress need the cache
	server.closeIdleConnections();
});
