import {RedisCache} from '../../../source/index.js';
import {loadUser, saveUser, type User} from './database.js';

export const cache = new RedisCache({ttl: '10m'});

export const findUser = (id: string) => cache.getOrSet(`user:${id}`, ({signal}) => loadUser(id, signal));

export const changeUser = async (user: User) => {
	await saveUser(user); // first the database,
	await cache.delete(`user:${user.id}`); // then the cache: values of loads in progress, in any process, will not be stored
};
