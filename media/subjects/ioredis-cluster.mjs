// Bare ioredis on a cluster with its defaults. Needs: npm install ioredis, and --private cluster or --url redis+cluster://…
import {Cluster} from 'ioredis';

export async function open({cluster}) {
	if (cluster === undefined) throw new Error('this subject is for a cluster: give --private cluster');
	const {nodes, username, password} = cluster;
	const redis = new Cluster(nodes, {redisOptions: {username, password}});
	redis.on('error', () => {});
	const get = async (key) => {
		const text = await redis.get(key);
		return text === null ? undefined : JSON.parse(text);
	};
	const set = (key, value, {ttl}) => redis.set(key, JSON.stringify(value), 'PX', ttl);
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
		close: () => redis.disconnect(),
	};
}
