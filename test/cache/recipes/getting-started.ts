import {RedisCache} from '../../../source/index.js';
import {loadUser} from './database.js';

const cache = new RedisCache({url: process.env.REDIS_URL, ttl: {default: '5m', grace: '1h'}});

const user = await cache.getOrSet('user:1', ({signal}) => loadUser('1', signal), {tags: ['users']});
await cache.set('greeting', `hello ${user?.name}`, {ttl: '30s'});
await cache.get('greeting'); // 'hello Ada', from memory, or from Redis
await cache.delete('greeting'); // {stored: 'redis'}, or {stored: 'memory'} during an outage
await cache.invalidateTags(['users']); // every user is a miss now

cache.on('mode', ({mode, reason}) => console.warn(`cache is ${mode}: ${reason}`));
await cache.close();
