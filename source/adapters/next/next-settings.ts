import type {CacheOptions} from '../../cache/api/cache-options.js';

/** Options of the cache behind a handler. Its codec is the handler's own. */
export type NextCacheOptions = Omit<CacheOptions, 'codec'>;

/** Pages and data may live as long as Next.js says, which is up to a year, and a cache keeps 30 days. */
export const lifetime = {default: '30d', jitter: 0} as const;

/** True in `next build`. */
export const isBuilding = (): boolean => process.env.NEXT_PHASE === 'phase-production-build';
