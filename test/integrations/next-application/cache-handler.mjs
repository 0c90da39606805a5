import {nextCacheHandler} from 'redis-cache-tui/next';

export default nextCacheHandler({url: process.env.REDIS_URL, namespace: 'shop'});
