import {RedisCache} from 'redis-cache-tui';

const cache = new RedisCache({url: 'redis://127.0.0.1:1'});
console.log(await cache.getOrSet('key', () => 5));
await cache.close();
