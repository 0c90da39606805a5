import KeyvRedis from '@keyv/redis';
import {createCache} from 'cache-manager';
import {Keyv} from 'keyv';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const redis = new Keyv({store: new KeyvRedis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379')});
const cache = createCache({stores: [new Keyv(), redis], ttl: 300_000, refreshThreshold: 60_000});

export const findUser = (id: string): Promise<User | undefined> => cache.wrap(`user:${id}`, () => loadUser(id));

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await cache.del(`user:${user.id}`); // other processes keep it in their memory
}

export const close = () => cache.disconnect();
