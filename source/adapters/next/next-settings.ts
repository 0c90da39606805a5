import type {CacheOptions} from '../../cache/api/cache-options.js';
import {structured} from './structured-codec.js';

/** Options of the cache of a handler. The codec cannot be chosen. */
export type NextCacheOptions = Omit<CacheOptions, 'codec'>;

/** Next.js allows lifetimes of up to a year for pages and data; a cache keeps entries for 30 days. */
const lifetime = {default: '15d', grace: '15d', jitter: 0} as const;

export const settingsOf = ({ttl, ...options}: NextCacheOptions): CacheOptions => ({
	...options,
	ttl: {...lifetime, ...(typeof ttl === 'object' ? ttl : ttl !== undefined && {default: ttl})},
	codec: structured,
});
