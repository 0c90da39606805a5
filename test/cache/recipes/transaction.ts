import {RedisCache} from '../../../source/index.js';

export const cache = new RedisCache();

/** Takes a ticket, and returns how many are left. Rejects if Redis is unreachable: there is no fallback. */
export const takeTicket = (show: string): Promise<number> =>
	cache.withConnection(async (connection) => {
		await connection.send('MULTI');
		await connection.send('DECR', [`tickets:${show}`]);
		await connection.send('EXPIRE', [`tickets:${show}`, 86_400]);
		const [left] = (await connection.send('EXEC')) as [number, number];
		return left;
	});
