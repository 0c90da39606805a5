// The same with deadlines: no call waits for longer than 200 ms. What is lost in an outage is forgotten all the more.
import {once} from 'node:events';
import {Redis} from 'ioredis';

export async function open({url}) {
	const redis = new Redis(url, {
		commandTimeout: 200,
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		retryStrategy: () => 200,
	});
	redis.on('error', () => {});
	// Without Redis the application starts all the same.
	await once(redis, 'ready').catch(() => {});

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
