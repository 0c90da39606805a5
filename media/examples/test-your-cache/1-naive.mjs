// The cache of a small shop, as many applications have it: an error of Redis is a miss, and a lost change is forgotten.
import {Redis} from 'ioredis';

export function open({url}) {
	const redis = new Redis(url);
	redis.on('error', () => {});

	async function get(key) {
		const text = await redis.get(key).catch(() => null);
		return text === null ? undefined : JSON.parse(text);
	}

	async function set(key, value, {ttl}) {
		await redis.set(key, JSON.stringify(value), 'PX', ttl).catch(() => {});
	}

	async function remove(key) {
		await redis.del(key).catch(() => {});
	}

	async function getOrSet(key, load, options) {
		const found = await get(key);
		if (found !== undefined) return found;
		const value = await load();
		if (value !== undefined) await set(key, value, options);
		return value;
	}

	return {get, set, delete: remove, getOrSet, close: () => redis.disconnect()};
}
