// Keyv on Redis with its defaults. It has no getOrSet. Needs: npm install keyv @keyv/redis
import KeyvRedis from '@keyv/redis';
import {Keyv} from 'keyv';

export async function open({url}) {
	const keyv = new Keyv({store: new KeyvRedis(url)});
	keyv.on('error', () => {});
	return {
		get: (key) => keyv.get(key),
		set: (key, value, {ttl}) => keyv.set(key, value, ttl),
		delete: (key) => keyv.delete(key),
		close: () => keyv.disconnect(),
	};
}
