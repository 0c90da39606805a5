import {Keyv} from 'keyv';
import {KeyvStore} from '../../../source/adapters/keyv-store.js';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const store = new KeyvStore({url: process.env.REDIS_URL});
const users = new Keyv<User>({store, namespace: 'users', ttl: 300_000, useKeyPrefix: false});

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
