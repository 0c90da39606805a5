import {RedisCache} from '../../../source/index.js';
import {loadUser} from './database.js';

export const cache = new RedisCache();

/** A caller that gives up does not take the load away from the others. */
export const findUserInTime = (id: string, signal: AbortSignal) =>
	cache.getOrSet(`user:${id}`, (load) => loadUser(id, load.signal), {signal});
