import {Redis} from 'ioredis';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const redis = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');

export async function findUser(id: string): Promise<User | undefined> {
	const text = await redis.get(`user:${id}`);
	if (text !== null) return JSON.parse(text);
	const user = await loadUser(id); // every caller that misses
	if (user !== undefined) await redis.set(`user:${id}`, JSON.stringify(user), 'EX', 300);
	return user;
}

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await redis.del(`user:${user.id}`); // hangs while Redis is away
}

export const close = () => redis.quit();
