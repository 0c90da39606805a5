import {RedisCache} from '../../../source/index.js';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

// Memory, Redis and invalidation between processes are there without being asked for.
const cache = new RedisCache({ttl: {default: '5m', grace: '1h'}, loader: {softTimeout: '300ms'}});
const users = cache.namespace('users');

export const findUser = (id: string): Promise<User | undefined> =>
	users.getOrSet(id, ({signal}) => loadUser(id, signal), {tags: ['team:blue']});

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await users.delete(user.id);
}

export const changeTeam = (team: string) => users.invalidateTags([`team:${team}`]);

export const close = () => cache.close();
