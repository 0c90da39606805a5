import {BentoCache, bentostore} from 'bentocache';
import {memoryDriver} from 'bentocache/drivers/memory';
import {redisBusDriver, redisDriver} from 'bentocache/drivers/redis';
import {loadUser, saveUser, type User} from '../../cache/recipes/database.js';

const {hostname: host, port} = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');
const connection = {host, port: Number(port)};
const store = bentostore()
	.useL1Layer(memoryDriver({maxSize: '10mb'}))
	.useL2Layer(redisDriver({connection}))
	.useBus(redisBusDriver({connection}));
const bento = new BentoCache({default: 'store', stores: {store}, ttl: '5m', grace: '1h', timeout: '300ms'});
const users = bento.namespace('users');

export const findUser = (id: string): Promise<User | undefined> =>
	users.getOrSet({key: id, factory: () => loadUser(id), tags: ['team:blue']});

export async function changeUser(user: User): Promise<void> {
	await saveUser(user);
	await users.delete({key: user.id});
}

export const changeTeam = (team: string) => users.deleteByTag({tags: [`team:${team}`]});

export const close = () => bento.disconnectAll();
