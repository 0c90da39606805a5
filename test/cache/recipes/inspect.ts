import {RedisCache} from '../../../source/index.js';

/** `redis-cache-tui attach shop-api` shows this process. */
export const openCache = () => new RedisCache({inspect: {name: 'shop-api'}});
