/**
 * Cache handlers for Next.js.
 *
 * @module redis-cache-tui/next
 */
export {
	type NextCacheHandler,
	type NextCacheHandlerClass,
	type NextEntryContext,
	type NextHandlerContext,
	type NextStoredEntry,
	type NextValue,
	nextCacheHandler,
} from './next-cache-handler.js';
export type {NextCacheOptions} from './next-settings.js';
export type {NextDurations, NextLifetime} from './next-store.js';
export {
	type NextUseCacheEntry,
	type NextUseCacheFields,
	type NextUseCacheHandler,
	nextUseCacheHandler,
} from './next-use-cache-handler.js';
