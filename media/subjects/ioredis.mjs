// Bare ioredis with its defaults, as many applications call it. Needs: npm install ioredis
import {Cluster, Redis} from 'ioredis';

const connect = ({url, cluster, sentinel}) =>
	cluster ? new Cluster(cluster.nodes, {redisOptions: cluster}) : new Redis(sentinel ?? url);

export async function open(options) {
	const redis = connect(options);
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
