import {RedisCache} from '../../../source/index.js';

export const openCache = (instance: string) =>
	new RedisCache({journal: {path: `${process.env.STATE_DIRECTORY}/cache-${instance}.journal`}});
