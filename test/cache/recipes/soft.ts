import {RedisCache} from '../../../source/index.js';
import {loadUser, saveUser, type User} from './database.js';

export const cache = new RedisCache({ttl: {default: '1h', grace: '1d'}, loader: {softTimeout: 0}});

export const findUser = (id: string) =>
	cache.getOrSet(`user:${id}`, ({signal}) => loadUser(id, signal), {tags: ['users']});

export const changeName = async (user: User) => {
	await saveUser(user);
	await cache.delete(`user:${user.id}`, {soft: true}); // the old name may be shown once more, while the new one is loaded
};

/** After a deployment: every page is stale, and none is missing. */
export const refreshAll = () => cache.clear({soft: true});
