import fastify from 'fastify';
import {RedisCache} from 'redis-cache-tui';
import {loadUser, saveUser} from './database.js';

const cache = new RedisCache({namespace: 'shop', ttl: {default: '5m', grace: '1h'}, loader: {softTimeout: '300ms'}});
const app = fastify();
app.addHook('onClose', () => cache.close()); // after requests in progress, which need it

app.get<{Params: {id: string}}>('/users/:id', async ({params: {id}}, reply) => {
	const user = await cache.getOrSet(`user:${id}`, () => loadUser(id));
	return user ?? reply.code(404).send({error: 'no such user'});
});

app.put<{Params: {id: string}; Body: {name: string}}>('/users/:id', async ({params: {id}, body}, reply) => {
	await saveUser({id, name: body.name}); // first the database,
	await cache.delete(`user:${id}`); // then the cache
	return reply.code(204).send();
});

await app.listen({port: Number(process.env.PORT)});
process.once('SIGTERM', () => void app.close());
