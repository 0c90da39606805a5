import type {
	Entry,
	ExpireResult,
	GetOrSetManyOptions,
	GetOrSetOptions,
	InvalidateOptions,
	Loader,
	ManyLoader,
	ReadOptions,
	SetOptions,
	WriteOptions,
	WriteResult,
} from './call-types.js';
import type {Duration} from './duration.js';

/**
 * The calls of a cache, which `RedisCache` and its namespaces have.
 *
 * In any state of Redis and the network, each call settles within its deadline (200 ms by default; `getOrSet`: the deadline
 * plus the time of its loader), and does not reject because of them unless `strict` is set. A key is 1 to 512 bytes of UTF-8
 * without control characters. A call with an unknown option, or one that cannot be used, rejects with an `InvalidArgumentError`
 * that names it.
 */
export type CacheApi = {
	/**
	 * Reads a value.
	 *
	 * Returns the value in memory if it is known to be current, else that in Redis; reads in one turn of the event loop share
	 * one or a few commands. While Redis is unreachable, returns the value in memory, even a stale one within `grace`, else
	 * `undefined`. The value may be shared with other callers: do not modify it.
	 *
	 * @returns The value, or `undefined` for a miss and for a cached absence.
	 * @throws {InvalidKeyError} the key cannot be used.
	 * @throws {RedisCacheError} only with `strict`: Redis could not be asked.
	 * @throws {ClosedError} the cache is closed.
	 * @throws the signal's reason, if `signal` is aborted before the call settles.
	 * @example
	 * const user = await cache.get<User>('user:1');
	 */
	get<T = unknown>(key: string, options?: ReadOptions): Promise<T | undefined>;

	/**
	 * Reads a value and its metadata: its source, its age, and how long it is fresh.
	 *
	 * @returns The value with its metadata; `undefined` as for `get`.
	 * @throws As `get`.
	 * @example
	 * const entry = await cache.getEntry<User>('user:1', {stale: true});
	 * if (entry?.stale) console.warn(`served ${-entry.ttlMs} ms past its TTL`);
	 */
	getEntry<T = unknown>(key: string, options?: ReadOptions): Promise<Entry<T> | undefined>;

	/**
	 * Checks if `get` would return a value. It reads the value, so it is no cheaper than `get`.
	 *
	 * @throws As `get`.
	 * @example
	 * if (!(await cache.has('welcome:1'))) await sendWelcome(1);
	 */
	has(key: string, options?: ReadOptions): Promise<boolean>;

	/**
	 * Stores a value.
	 *
	 * After it has resolved, this process never reads an older value of the key, even if Redis fails.
	 *
	 * @param value Any value that the codec can encode, except `undefined`. It is encoded immediately, so later changes to it
	 * have no effect.
	 * @param options TTL, grace and tags. By default the rules of the cache apply. A TTL of 0 deletes the key.
	 * @returns `{stored: 'redis'}`, or `{stored: 'memory'}` if Redis could not be reached in time. In that case the value is
	 * served from this process's memory until Redis is back, and the older entry in Redis is removed before it can be read
	 * again.
	 * @throws {InvalidKeyError} the key or a tag cannot be used. Nothing was changed.
	 * @throws {InvalidValueError} the codec cannot encode the value, or it is larger than `maxValueBytes`. Nothing was
	 * changed.
	 * @throws {InvalidDurationError} `ttl` or `grace` cannot be used. Nothing was changed.
	 * @throws {RedisCacheError} only with `strict`: the value is not in Redis, and not in memory either.
	 * @throws {ClosedError} the cache is closed.
	 * @example
	 * await cache.set('user:1', user, {ttl: '10m', tags: ['users']});
	 */
	set(key: string, value: unknown, options?: SetOptions): Promise<WriteResult>;

	/**
	 * Removes a value, or with `soft` makes it stale. Loads of the key that are in progress in any process do not store their
	 * results.
	 *
	 * @returns As `set`. The result does not show if there was a value.
	 * @throws As `set`.
	 * @example
	 * await db.saveUser(user); // first the source, then the cache
	 * await cache.delete('user:1');
	 */
	delete(key: string, options?: InvalidateOptions): Promise<WriteResult>;

	/**
	 * Reads a value, or loads and stores it.
	 *
	 * For a missing key, the loader runs once for all callers in all processes; while Redis is unreachable, once in each process.
	 * A value that was changed or deleted while it was being loaded is returned to the callers that called before the
	 * change, and is not stored.
	 *
	 * @param key The key. If it is too long to be stored, the value is loaded at each call, with an `error` event.
	 * @param loader Receives the key and an `AbortSignal`; returns the value, or `undefined` for "not there", which is cached
	 * for `negativeTtl`.
	 * @returns The cached or loaded value; a stale value within `grace` if the loader fails or takes longer than `softTimeout`;
	 * `undefined` only if a loader returned it. A value that cannot be stored (it is larger than `maxValueBytes`, or the codec
	 * cannot encode it) is returned as well, with an `error` event. The type is not checked: all loaders of a key must return
	 * the same type, of values that the codec preserves (JSON turns Dates into text). The value may be shared with other
	 * callers: do not modify it.
	 * @throws {LoaderTimeoutError} the loader took longer than `hardTimeout`, and there was no stale value to serve.
	 * @throws {LoadQueueFullError} there are more loads than `loader.concurrency` and `loader.queue` allow, and there was no
	 * stale value to serve.
	 * @throws what the loader throws, if there was no stale value to serve.
	 * @throws the signal's reason, if the caller's `signal` is aborted; the load continues for other callers.
	 * @throws {RedisCacheError} only with `strict`: Redis could not be asked. The loader did not run.
	 * @throws {InvalidKeyError} the key or a tag cannot be used. A key that is only too long is accepted.
	 * @throws {InvalidArgumentError | InvalidDurationError | ClosedError} as `set`.
	 * @example
	 * const user = await cache.getOrSet('user:1', ({signal}) => db.findUser(1, {signal}), {ttl: '5m', grace: '1h'});
	 */
	getOrSet<T>(key: string, loader: Loader<T>, options?: GetOrSetOptions): Promise<T>;

	/**
	 * Reads many values, and loads and stores those that are missing: like `getOrSet` for each key, but with one call of the
	 * loader for all missing keys.
	 *
	 * Each missing key is loaded once for all callers in all processes, by this call or by `getOrSet`. For keys that are
	 * already being loaded, the call waits; if such a load fails, the loader is called again for these keys. A value that was
	 * changed or deleted while it was being loaded is not stored.
	 *
	 * @param keys An array, a Set or another iterable. Keys that are too long to be stored are loaded at each call.
	 * @param loadMissing Receives the keys to load and an `AbortSignal`; returns a Map, or pairs of key and value. Keys that it
	 * leaves out are "not there", which is cached for `negativeTtl`; keys that were not requested are ignored.
	 * @returns A Map of the cached and loaded values, in the order of `keys`, without keys that are "not there". If the load of
	 * a key fails or takes longer than `softTimeout`, its stale value within `grace`, if there is one.
	 * @throws {LoaderTimeoutError | LoadQueueFullError} a key without a stale value could not be loaded. With `partial` such
	 * keys are left out instead.
	 * @throws what the loader throws, under the same conditions.
	 * @throws {RedisCacheError} otherwise as `getOrSet`.
	 * @example
	 * const users = await cache.getOrSetMany(ids, async ({keys, signal}) => {
	 *   const rows = await db.findUsers(keys, {signal});
	 *   return rows.map((row) => [row.id, row]);
	 * });
	 */
	getOrSetMany<T>(
		keys: Iterable<string>,
		loadMissing: ManyLoader<T>,
		options?: GetOrSetManyOptions,
	): Promise<Map<string, T>>;

	/**
	 * Reads many values with few commands, depending on their number and size.
	 *
	 * @param keys An array, a Set or another iterable.
	 * @returns A Map of the values found, in the order of `keys`, without misses.
	 * @throws As `get`.
	 * @example
	 * const users = await cache.getMany<User>(ids.map((id) => `user:${id}`));
	 */
	getMany<T = unknown>(keys: Iterable<string>, options?: ReadOptions): Promise<Map<string, T>>;

	/**
	 * Stores many values, 256 at a time.
	 *
	 * @returns `{stored: 'redis'}` if all values are in Redis, else `{stored: 'memory'}`.
	 * @throws As `set`; values before the one that failed may have been stored.
	 * @example
	 * await cache.setMany(users.map((user) => [`user:${user.id}`, user]), {ttl: '10m'});
	 */
	setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<WriteResult>;

	/**
	 * Removes many values, 256 at a time.
	 *
	 * @param keys An array, a Set or another iterable.
	 * @returns `{stored: 'redis'}` if all values were removed from Redis, else `{stored: 'memory'}`.
	 * @throws As `delete`; values before the one that failed may have been removed.
	 * @example
	 * await cache.deleteMany(new Set(orders.map((order) => `user:${order.userId}`)));
	 */
	deleteMany(keys: Iterable<string>, options?: InvalidateOptions): Promise<WriteResult>;

	/**
	 * Reads how long a value is fresh.
	 *
	 * @returns Whole milliseconds until the value is stale; 0 or less if it is stale and within `grace`; `undefined` if there
	 * is no value.
	 *
	 * @throws As `get`.
	 * @example
	 * const freshMs = await cache.ttl('page:/');
	 * if (freshMs !== undefined) response.setHeader('cache-control', `max-age=${Math.max(0, Math.floor(freshMs / 1000))}`);
	 */
	ttl(key: string, options?: ReadOptions): Promise<number | undefined>;

	/**
	 * Changes how long a value is fresh, counted from now. Its `grace` stays the same.
	 *
	 * @param ttl The new TTL, without jitter, reduced to `ttl.max` if it is longer. 0 deletes the value.
	 * @returns `applied`: true if there was a value; `stored`: where the change was made. While Redis is unreachable, the
	 * change applies to this process, and the entry is removed from Redis when it is back.
	 * @throws {InvalidDurationError} negative, not a number, or of an unknown unit.
	 * @throws {InvalidKeyError | ClosedError} as `get`.
	 * @throws {RedisCacheError} only with `strict`: the change is not in Redis.
	 * @example
	 * await cache.expire('session:abc', '10m');
	 */
	expire(key: string, ttl: Duration, options?: WriteOptions): Promise<ExpireResult>;

	/**
	 * Restarts the TTL of a value.
	 *
	 * @returns As `expire`. While Redis is unreachable, the change applies to this process only, and the entry in Redis stays
	 * as it is.
	 * @throws As `expire`.
	 * @example
	 * const {applied} = await cache.touch('session:abc');
	 * if (!applied) response.statusCode = 401; // there is no such session any more
	 */
	touch(key: string, options?: WriteOptions): Promise<ExpireResult>;

	/**
	 * Makes all values with one of these tags misses, or with `soft` stale, in constant time. This includes values that are
	 * being loaded.
	 *
	 * @param tags An array, a Set or another iterable; at most 64 tags of this namespace.
	 * @returns As `set`.
	 * @throws {InvalidKeyError} a tag cannot be used, or there are more than 64.
	 * @throws {ClosedError} the cache is closed.
	 * @throws {RedisCacheError} only with `strict`: the change is not in Redis.
	 * @example
	 * await cache.set('user:1', user, {tags: ['team:7']});
	 * await cache.invalidateTags(['team:7']);
	 */
	invalidateTags(tags: Iterable<string>, options?: InvalidateOptions): Promise<WriteResult>;

	/**
	 * Makes all values of this namespace misses, or with `soft` stale, in constant time. Redis frees their memory when their
	 * TTLs expire.
	 *
	 * @returns As `set`.
	 * @throws {ClosedError} the cache is closed.
	 * @throws {RedisCacheError} only with `strict`: the change is not in Redis.
	 * @example
	 * await cache.namespace('templates').clear();
	 */
	clear(options?: InvalidateOptions): Promise<WriteResult>;

	/**
	 * Returns a part of the cache with its own keys, tags and `clear`. Calls with the same name share the same keys.
	 *
	 * @param name 1 to 64 letters, digits, `_`, `-` or `.`; at most 1024 names in a cache. All namespaces share the limits of the
	 * memory tier.
	 * @throws {InvalidKeyError} the name cannot be used.
	 * @throws {InvalidArgumentError} there are 1024 namespaces already.
	 * @example
	 * const sessions = cache.namespace('sessions');
	 * await sessions.set('abc', {user: 1});
	 */
	namespace(name: string): CacheApi;
};
