// Bare node-redis with its defaults. Needs: npm install redis
import {createClient} from 'redis';

export async function open({url}) {
	const redis = createClient({url});
	redis.on('error', () => {});
	await redis.connect();
	const get = async (key) => {
		const text = await redis.get(key);
		return text === null ? undefined : JSON.parse(text);
	};
	const set = (key, value, {ttl}) => redis.set(key, JSON.stringify(value), {expiration: {type: 'PX', value: ttl}});
	return {
		get,
		set,
		delete: (key) => redis.del(key),
		async getOrSet(key, load, options) {
			const found = await get(key);
			if (found !== undefined) return found;
			const value = await load();
			await set(key, value, options);
			return value;
		},
		close: () => redis.destroy(),
	};
}
