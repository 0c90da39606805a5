import {RedisCache} from '../../../source/index.js';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const cache = new RedisCache({ttl: '5m'});

export const findUser = (id: string): Promise<User | undefined> =>
	cache.getOrSet(`user:${id}`, ({signal}) => loadUser(id, signal)); // one caller of all that miss

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await cache.delete(`user:${user.id}`);
}

export const close = () => cache.close();
