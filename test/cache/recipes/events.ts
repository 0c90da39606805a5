import {RedisCache} from '../../../source/index.js';

export const cache = new RedisCache();

cache.on('mode', ({mode, reason, previous}) => console.warn(`cache: ${previous.mode} -> ${mode} (${reason})`));
cache.on('error', ({operation, error}) => console.warn(`cache: ${operation}: ${error.message}`));
const stop = cache.on('load', ({key, durationMs, outcome}) => console.log(key, outcome, durationMs));
stop(); // removes the listener
