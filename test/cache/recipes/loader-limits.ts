import {LoadQueueFullError, RedisCache} from '../../../source/index.js';
import {loadUser, type User} from './database.js';

export const cache = new RedisCache({
	ttl: {default: '5m', grace: '1h'},
	loader: {
		concurrency: 12, // the database takes 50 queries at a time, and there are four processes
		queue: 100,
		retryAfter: '2s',
	},
});

/** `busy`: try again in a moment. */
export const findUser = async (id: string): Promise<User | undefined | 'busy'> => {
	try {
		return await cache.getOrSet(`user:${id}`, ({signal}) => loadUser(id, signal));
	} catch (error) {
		if (error instanceof LoadQueueFullError) return 'busy'; // nothing stale to serve: answer 503
		throw error;
	}
};
