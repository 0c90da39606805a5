/* An application in TypeScript that is no ES module: compiled, and never run. */
import library = require('redis-cache-tui');

import {KeyvStore} from 'redis-cache-tui/keyv';

export const open = (): library.RedisCache => new library.RedisCache({ttl: '5m'});
export const isOurs = (error: unknown): error is library.RedisCacheError => error instanceof library.RedisCacheError;
export const store = (): KeyvStore => new KeyvStore(open());
