import KeyvRedis from '@keyv/redis';
import {Cacheable} from 'cacheable';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const secondary = new KeyvRedis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');
const cache = new Cacheable({secondary, ttl: '5m', nonBlocking: true});

export const findUser = (id: string): Promise<User | undefined> =>
	cache.getOrSet(`user:${id}`, async () => loadUser(id), {ttl: '5m'});

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await cache.delete(`user:${user.id}`);
}

export const close = () => cache.disconnect();
