import KeyvRedis from '@keyv/redis';
import {Keyv} from 'keyv';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const store = new KeyvRedis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');
const users = new Keyv<User>({store, namespace: 'users', ttl: 300_000});

export async function findUser(id: string): Promise<User | undefined> {
	const cached = await users.get(id);
	if (cached !== undefined) return cached;
	const user = await loadUser(id);
	if (user !== undefined) await users.set(id, user);
	return user;
}

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await users.delete(user.id);
}

export const close = () => users.disconnect();
