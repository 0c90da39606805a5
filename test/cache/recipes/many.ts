import {RedisCache} from '../../../source/index.js';
import {loadUsers, type User} from './database.js';

export const cache = new RedisCache();

export const findUsers = (ids: readonly string[]): Promise<Map<string, User>> =>
	cache.getOrSetMany(ids, async ({keys, signal, setOptions}) => {
		const users = await loadUsers(keys, signal); // one query for all that is missing
		for (const user of users) setOptions(user.id, {tags: [`team:${user.team}`]});
		return users.map((user) => [user.id, user]); // or a Map
	});
