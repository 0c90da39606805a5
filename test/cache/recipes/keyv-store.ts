import Keyv from 'keyv';
import {KeyvStore} from '../../../source/adapters/keyv-store.js';
import {RedisCache} from '../../../source/index.js';

export const cache = new RedisCache({ttl: '1h'});
const users = new Keyv({store: new KeyvStore(cache), namespace: 'users', useKeyPrefix: false});

await users.set('1', {name: 'Ada'}, 60_000);
await users.get('1'); // {name: 'Ada'}, from memory, or from Redis
await users.clear(); // all users, in constant time
