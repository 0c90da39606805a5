import {RedisCache} from '../../../source/index.js';
import {instrument} from '../../../source/open-telemetry/instrument.js';

export const cache = new RedisCache();
instrument(cache, {attributes: {'redis_cache.name': 'users'}});
