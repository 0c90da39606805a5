import type {RedisCache} from '../../../source/cache/redis-cache.js';

type Call = (cache: RedisCache, options: never) => Promise<unknown>;

/** Every call of a cache that takes options, by name. */
export const calls: Readonly<Record<string, Call>> = {
	get: (cache, options) => cache.get('k', options),
	getEntry: (cache, options) => cache.getEntry('k', options),
	has: (cache, options) => cache.has('k', options),
	ttl: (cache, options) => cache.ttl('k', options),
	getMany: (cache, options) => cache.getMany(['k'], options),
	getOrSet: (cache, options) => cache.getOrSet('k', () => 1, options),
	getOrSetMany: (cache, options) => cache.getOrSetMany(['k'], () => [['k', 1]], options),
	set: (cache, options) => cache.set('k', 1, options),
	setMany: (cache, options) => cache.setMany([['k', 1]], options),
	delete: (cache, options) => cache.delete('k', options),
	deleteMany: (cache, options) => cache.deleteMany(['k'], options),
	expire: (cache, options) => cache.expire('k', '1m', options),
	touch: (cache, options) => cache.touch('k', options),
	invalidateTags: (cache, options) => cache.invalidateTags(['t'], options),
	clear: (cache, options) => cache.clear(options),
};

/** For arguments that only callers without TypeScript can pass. */
export const wrong = (value: unknown): never => value as never;
