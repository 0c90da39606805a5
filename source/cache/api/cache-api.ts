import type {CacheSnapshot} from '../../metrics/snapshot.js';
import type {BorrowedConnection, BorrowOptions} from '../options/connection-options.js';
import type {CacheEvents} from './cache-events.js';
import type {
	Duration,
	Entry,
	ExpireResult,
	GetOptions,
	GetOrSetOptions,
	Loader,
	SetOptions,
	WriteOptions,
	WriteResult,
} from './types.js';

/**
 * The calls of a cache; `RedisCache` and its namespaces have them.
 *
 * Whatever Redis and the network do, each call settles within its deadline (200 ms by default; `getOrSet` within that and
 * its loader's time), and does not reject because of them unless `strict` is set. A key is 1 to 512 bytes of UTF-8 without
 * control characters. Options that a call does not know, or cannot use, make it reject with an `InvalidArgumentError` that
 * names them.
 */
export type CacheApi = {
	/**
	 * Reads a value.
	 *
	 * Answers from memory when the entry there is known to be current, else from Redis; all reads of one turn of the event
	 * loop go as one command. While Redis is away: from memory, also stale within `grace`; else `undefined`.
	 * The value may be shared with other callers: do not change it.
	 *
	 * @returns The value, or `undefined` for a miss and for a remembered "not there".
	 * @throws {InvalidKeyError} the key cannot be used.
	 * @throws {RedisCacheError} only with `strict`: Redis could not be asked.
	 * @throws {ClosedError} the cache is closed.
	 * @throws the signal's reason, when `signal` is aborted before there is an answer.
	 * @example
	 * const user = await cache.get<User>('user:1');
	 */
	get<T = unknown>(key: string, options?: GetOptions): Promise<T | undefined>;

	/**
	 * Reads a value and what is known about it: where it came from, its age, and how long it is fresh.
	 *
	 * @returns As `get`.
	 * @throws As `get`.
	 * @example
	 * const entry = await cache.getEntry<User>('user:1');
	 * if (entry?.stale) console.warn(`served ${-entry.ttlMs} ms past its TTL`);
	 */
	getEntry<T = unknown>(key: string, options?: GetOptions): Promise<Entry<T> | undefined>;

	/**
	 * Whether `get` would return a value. Reads it, too: no cheaper than `get`.
	 *
	 * @throws As `get`.
	 * @example
	 * if (!(await cache.has('welcome:1'))) await sendWelcome(1);
	 */
	has(key: string, options?: GetOptions): Promise<boolean>;

	/**
	 * Stores a value.
	 *
	 * Once it has resolved, this process never reads anything older under the key, whatever happens to Redis.
	 *
	 * @param value Anything the codec takes, but `undefined`. It is encoded at once: later changes to it change nothing here.
	 * @param options TTL, grace, tags. Without them the cache's rules apply. With a TTL of 0 it deletes.
	 * @returns `{stored: 'redis'}`, or `{stored: 'memory'}` when Redis could not be reached in time: then the value is served
	 * from this process's memory until Redis is back, and whatever Redis had of the key is removed before it is read again.
	 * @throws {InvalidKeyError} the key or a tag cannot be used. Nothing was changed.
	 * @throws {InvalidValueError} the codec cannot encode it, or it is larger than `maxValueBytes`. Nothing was changed.
	 * @throws {InvalidDurationError} `ttl` or `grace` cannot be used. Nothing was changed.
	 * @throws {RedisCacheError} only with `strict`: it is not in Redis, and not in memory either.
	 * @throws {ClosedError} the cache is closed.
	 * @example
	 * await cache.set('user:1', user, {ttl: '10m', tags: ['users']});
	 */
	set(key: string, value: unknown, options?: SetOptions): Promise<WriteResult>;

	/**
	 * Removes a value. Loads of the key that are under way, in any process, will not put it back.
	 *
	 * @returns As `set`; whether there was a value is not told.
	 * @throws As `set`.
	 * @example
	 * await db.saveUser(user); // first where it is kept, then the cache
	 * await cache.delete('user:1');
	 */
	delete(key: string, options?: WriteOptions): Promise<WriteResult>;

	/**
	 * Reads a value, or loads and stores it.
	 *
	 * However many callers ask for a missing key, in however many processes, the loader runs once; if Redis is away, once in
	 * each process. A value that was changed or deleted while it was being loaded is returned to those who asked before, and
	 * is not stored.
	 *
	 * @param loader Gets the key and an `AbortSignal`; returns the value, or `undefined` for "not there", which is remembered
	 * for `negativeTtl`.
	 * @returns What the loader returns, now or when it was last run: its type is trusted, so all loaders of a key are to return
	 * one type, of what the codec keeps (JSON makes texts of Dates). `undefined` only when a loader said so. A stale value
	 * within `grace` when the loader fails or takes longer than `softTimeout`. The value may be shared with other callers:
	 * do not change it.
	 * @throws {LoaderTimeoutError} the loader took longer than `hardTimeout` and there was nothing stale to serve.
	 * @throws what the loader throws, when there was nothing stale to serve.
	 * @throws the signal's reason, when the caller's `signal` is aborted; the load goes on for others.
	 * @throws {RedisCacheError} only with `strict`: Redis could not be asked. The loader did not run.
	 * @throws {InvalidKeyError | InvalidValueError | InvalidDurationError | ClosedError} as `set`.
	 * @example
	 * const user = await cache.getOrSet('user:1', ({signal}) => db.findUser(1, {signal}), {ttl: '5m', grace: '1h'});
	 */
	getOrSet<T>(key: string, loader: Loader<T>, options?: GetOrSetOptions): Promise<T>;

	/**
	 * Reads many values, with as few commands as their number and size allow.
	 *
	 * @param keys An array, a Set or another iterable.
	 * @returns What was found, in the order of `keys`; misses are left out.
	 * @throws As `get`.
	 * @example
	 * const users = await cache.getMany<User>(ids.map((id) => `user:${id}`));
	 */
	getMany<T = unknown>(keys: Iterable<string>, options?: GetOptions): Promise<Map<string, T>>;

	/**
	 * Stores many values, 256 at a time.
	 *
	 * @returns `{stored: 'redis'}` only if all of them are there.
	 * @throws As `set`; those before may have been stored.
	 * @example
	 * await cache.setMany(users.map((user) => [`user:${user.id}`, user]), {ttl: '10m'});
	 */
	setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<WriteResult>;

	/**
	 * Removes many values, 256 at a time.
	 *
	 * @param keys An array, a Set or another iterable.
	 * @returns `{stored: 'redis'}` only if all of them are gone there.
	 * @throws As `delete`; those before may have been removed.
	 * @example
	 * await cache.deleteMany(new Set(orders.map((order) => `user:${order.userId}`)));
	 */
	deleteMany(keys: Iterable<string>, options?: WriteOptions): Promise<WriteResult>;

	/**
	 * Milliseconds until a value is stale; 0 or less when it is stale and served within `grace`; `undefined` when there is none.
	 *
	 * @throws As `get`.
	 * @example
	 * const freshMs = await cache.ttl('page:/');
	 * if (freshMs !== undefined) response.setHeader('cache-control', `max-age=${Math.max(0, Math.floor(freshMs / 1000))}`);
	 */
	ttl(key: string, options?: GetOptions): Promise<number | undefined>;

	/**
	 * Changes how long a value is fresh, counted from now. Its `grace` stays as it is.
	 *
	 * @param ttl Taken as it is, without jitter; cut to `ttl.max`. 0 deletes the value.
	 * @returns Whether there was a value, and where the change was made. While Redis is away the change is for this process,
	 * and the entry is removed from Redis when it is back.
	 * @throws {InvalidDurationError} negative, not a number, or of an unknown unit.
	 * @throws {InvalidKeyError | ClosedError} as `get`.
	 * @throws {RedisCacheError} only with `strict`: Redis does not have it.
	 * @example
	 * await cache.expire('session:abc', '10m');
	 */
	expire(key: string, ttl: Duration, options?: WriteOptions): Promise<ExpireResult>;

	/**
	 * Starts the TTL a value was given anew.
	 *
	 * @returns As `expire`. While Redis is away the change is for this process only; the entry in Redis stays as it is.
	 * @throws As `expire`.
	 * @throws {RedisCacheError} only with `strict`: Redis does not have it.
	 * @example
	 * const {applied} = await cache.touch('session:abc');
	 * if (!applied) response.statusCode = 401; // there is no such session any more
	 */
	touch(key: string, options?: WriteOptions): Promise<ExpireResult>;

	/**
	 * Makes every value with one of these tags a miss, in constant time, also those whose load is still under way.
	 *
	 * @param tags An array, a Set or another iterable; at most 64, of this namespace.
	 * @returns As `set`.
	 * @throws {InvalidKeyError} a tag cannot be used, or there are more than 64.
	 * @throws {ClosedError} the cache is closed.
	 * @throws {RedisCacheError} only with `strict`: Redis does not have it.
	 * @example
	 * await cache.set('user:1', user, {tags: ['team:7']});
	 * await cache.invalidateTags(['team:7']);
	 */
	invalidateTags(tags: Iterable<string>, options?: WriteOptions): Promise<WriteResult>;

	/**
	 * Makes every value of this namespace a miss, in constant time. What they take in Redis is given back as their TTLs pass.
	 *
	 * @returns As `set`.
	 * @throws {ClosedError} the cache is closed.
	 * @throws {RedisCacheError} only with `strict`: Redis does not have it.
	 * @example
	 * await cache.namespace('templates').clear();
	 */
	clear(options?: WriteOptions): Promise<WriteResult>;

	/**
	 * The same cache with keys, tags and `clear` of their own. Two calls with one name give the same keys.
	 *
	 * @param name Letters, digits, `_`, `-`, `.`; at most 64 of them, and at most 1024 names in a cache. Each namespace has a
	 * memory tier of its own with the cache's limits.
	 * @throws {InvalidKeyError} the name cannot be used.
	 * @throws {InvalidArgumentError} there are 1024 already.
	 * @example
	 * const sessions = cache.namespace('sessions');
	 * await sessions.set('abc', {user: 1});
	 */
	namespace(name: string): CacheApi;
};

/** What `new RedisCache(options)` offers beyond `CacheApi`. */
export type CacheLife = {
	/**
	 * Resolves when Redis is in use. Calls need not wait for it: without Redis they do what they do in an outage.
	 *
	 * @param timeout Default `'5s'`.
	 * @throws {NotConnectedError} Redis is not in use after `timeout`; the message says why.
	 * @throws {ClosedError} the cache is closed.
	 * @example
	 * await cache.ready('2s').catch((error) => console.warn(`starting without Redis: ${error.message}`));
	 */
	ready(timeout?: Duration): Promise<void>;

	/**
	 * Lends a connection of its own to some work, for what the cache has no call for: transactions with WATCH, blocking
	 * commands, long scans. There are up to `pool.checkouts.max`; those who come when all are lent wait in line.
	 *
	 * The connection is given back when the work has settled; one with an open transaction, watched keys or unanswered
	 * commands is closed instead. There is no falling back here: without Redis it rejects. What it does to keys of the
	 * cache is, to the cache, the doing of a stranger. In a cluster it is a connection to any one node.
	 *
	 * @returns What `work` returns.
	 * @throws what `work` throws.
	 * @throws {AcquireTimeoutError} no connection became free in time, or Redis cannot be reached.
	 * @throws {OverloadError} too many wait already.
	 * @throws {InvalidArgumentError | InvalidDurationError | ClosedError} an option cannot be used; the cache is closed.
	 * @throws the signal's reason, when `signal` is aborted while it waits.
	 * @example
	 * const [, total] = await cache.withConnection(async (connection) => {
	 *   await connection.send('MULTI');
	 *   await connection.send('INCR', ['visits']);
	 *   await connection.send('GET', ['total']);
	 *   return (await connection.send('EXEC')) as [number, Buffer | null];
	 * });
	 */
	withConnection<T>(work: (connection: BorrowedConnection) => PromiseLike<T> | T, options?: BorrowOptions): Promise<T>;

	/**
	 * One immutable picture of the cache: mode, counters, memory tier, journal, pool, latencies. Plain data; takes about a
	 * millisecond to make.
	 *
	 * @example
	 * const {mode, counters} = cache.stats();
	 * console.log(mode.mode, counters.hitsMemory + counters.hitsRedis, counters.misses);
	 */
	stats(): CacheSnapshot;

	/**
	 * `stats()` in the text format of Prometheus, for a `/metrics` endpoint. Names and labels are listed in the README;
	 * no label ever holds a key. Needs the package prom-client, which is loaded at the first call; its default metrics and
	 * its global registry are left alone.
	 *
	 * @param labels Added to every series, such as `{cache: 'sessions'}`, to tell several caches apart.
	 * @returns Text of content type `text/plain; version=0.0.4; charset=utf-8`.
	 * @throws {InvalidArgumentError} the name of a label is not valid for Prometheus, or reserved.
	 * @throws {MissingPackageError} prom-client is not installed.
	 * @example
	 * response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
	 * response.end(await cache.prometheus());
	 */
	prometheus(labels?: Readonly<Record<string, string>>): Promise<string>;

	/**
	 * Listens to an event. Listeners run in the same turn; one that throws becomes a process warning and breaks nothing.
	 *
	 * @returns What removes the listener.
	 * @example
	 * const stop = cache.on('mode', ({mode, reason}) => console.warn(`cache is ${mode}: ${reason}`));
	 */
	on<E extends keyof CacheEvents>(event: E, listener: (payload: CacheEvents[E]) => void): () => void;

	/**
	 * Settles every call that is under way, closes every connection and leaves nothing that keeps Node.js alive. Changes that
	 * Redis could not be told of are put right first, if it is in use; that takes a deadline at most. Safe to call twice. Calls
	 * made later reject with `ClosedError`.
	 * @example
	 * process.once('SIGTERM', () => void cache.close());
	 */
	close(): Promise<void>;

	/** `close()`, for `await using cache = new RedisCache()`. */
	[Symbol.asyncDispose](): Promise<void>;
};
