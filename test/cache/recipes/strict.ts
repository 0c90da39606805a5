import {RedisCache, RedisCacheError} from '../../../source/index.js';

export const cache = new RedisCache({namespace: 'sessions', ttl: '1d'});

/** Returns true if the session is certainly gone from Redis. */
export const logOut = async (session: string): Promise<boolean> => {
	try {
		await cache.delete(session, {strict: true});
		return true;
	} catch (error) {
		if (error instanceof RedisCacheError) return false; // "try again in a moment"
		throw error;
	}
};
