import {RedisCache} from '../../../source/index.js';
import {instrument} from '../../../source/metrics/open-telemetry/instrument.js';

export const cache = new RedisCache();
instrument(cache, {attributes: {'redis_cache.name': 'users'}});
