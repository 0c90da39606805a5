import {RedisCache} from '../../../source/index.js';
import {loadUser} from './database.js';

export const cache = new RedisCache();

/** If one caller aborts, the load continues for the others. */
export const findUserInTime = (id: string, signal: AbortSignal) =>
	cache.getOrSet(`user:${id}`, (load) => loadUser(id, load.signal), {signal});
