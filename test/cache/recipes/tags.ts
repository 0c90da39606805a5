import {RedisCache} from '../../../source/index.js';
import {loadUser} from './database.js';

export const cache = new RedisCache();
export const users = cache.namespace('users');

export const findUser = (id: string) =>
	users.getOrSet(id, async ({key, signal, setOptions}) => {
		const user = await loadUser(key, signal);
		if (user !== undefined) setOptions({tags: [`team:${user.team}`]});
		return user;
	});

await findUser('1');
await users.invalidateTags(['team:blue']); // every user of the team, in constant time
await users.clear(); // all users, in constant time; other namespaces stay as they are
