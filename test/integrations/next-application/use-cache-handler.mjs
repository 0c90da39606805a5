import {nextUseCacheHandler} from 'redis-cache-tui/next';

export default nextUseCacheHandler({url: process.env.REDIS_URL, namespace: 'shop'});
