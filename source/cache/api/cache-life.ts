import type {CacheSnapshot} from '../../metrics/snapshot.js';
import type {CacheEvents} from './cache-events.js';
import type {BorrowedConnection, BorrowOptions} from './connection-options.js';
import type {Duration} from './duration.js';

/** The calls of `new RedisCache(options)` that concern the whole cache, beyond those of `CacheApi`. */
export type CacheLife = {
	/**
	 * Waits until Redis is in use. Other calls can be made before: without Redis they behave as in an outage.
	 *
	 * @param timeout Longest wait. Default `'5s'`.
	 * @throws {NotConnectedError} Redis is not in use after `timeout`; the message has the reason.
	 * @throws {ClosedError} the cache is closed.
	 * @example
	 * await cache.ready('2s').catch((error) => console.warn(`starting without Redis: ${error.message}`));
	 */
	ready(timeout?: Duration): Promise<void>;

	/**
	 * Lends an exclusive connection for operations that the cache has no call for: transactions with WATCH, blocking commands,
	 * long scans. There are up to `pool.checkouts.max` such connections; further callers wait in a queue.
	 *
	 * The connection is returned when `work` has settled; one with an open transaction, watched keys or unanswered commands is
	 * closed instead. There is no fallback: without Redis the call rejects. The cache treats changes made through the
	 * connection like those of another client. In a cluster the connection is to an arbitrary node.
	 *
	 * @returns What `work` returns.
	 * @throws what `work` throws.
	 * @throws {AcquireTimeoutError} no connection became free in time, or Redis cannot be reached.
	 * @throws {OverloadError} too many callers are waiting already.
	 * @throws {InvalidArgumentError | InvalidDurationError | ClosedError} an option cannot be used; the cache is closed.
	 * @throws the signal's reason, if `signal` is aborted while the call waits.
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
	 * Returns an immutable snapshot of the cache: mode, counters, memory tier, journal, pool, latencies. It is plain data, and
	 * takes about a millisecond.
	 *
	 * @example
	 * const {mode, counters} = cache.stats();
	 * console.log(mode.mode, counters.hitsMemory + counters.hitsRedis, counters.misses);
	 */
	stats(): CacheSnapshot;

	/**
	 * Returns `stats()` in the text format of Prometheus, for a `/metrics` endpoint. Names and labels are listed in the guide;
	 * no label contains a key. Needs the package prom-client, which is loaded at the first call; its default metrics and its
	 * global registry are not touched.
	 *
	 * @param labels Added to every series, such as `{cache: 'sessions'}`, to distinguish several caches.
	 * @returns Text of content type `text/plain; version=0.0.4; charset=utf-8`.
	 * @throws {InvalidArgumentError} a label has a name that Prometheus does not accept, or that a series uses already.
	 * @throws {MissingPackageError} prom-client is not installed.
	 * @example
	 * response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
	 * response.end(await cache.prometheus());
	 */
	prometheus(labels?: Readonly<Record<string, string>>): Promise<string>;

	/**
	 * Adds a listener for an event. Listeners run synchronously. If one throws, a process warning is emitted, and nothing else
	 * happens.
	 *
	 * @returns A function that removes the listener.
	 * @example
	 * const stop = cache.on('mode', ({mode, reason}) => console.warn(`cache is ${mode}: ${reason}`));
	 */
	on<E extends keyof CacheEvents>(event: E, listener: (payload: CacheEvents[E]) => void): () => void;

	/**
	 * Closes the cache: settles all calls in progress, closes all connections, and leaves nothing that keeps Node.js alive. If
	 * Redis is in use, changes that are not in Redis yet are reconciled first, and leases are released so that other processes
	 * can load these keys at once; that takes one deadline at most. May be called twice. Later calls reject with a
	 * `ClosedError`.
	 * @example
	 * process.once('SIGTERM', () => void cache.close());
	 */
	close(): Promise<void>;

	/** `close()`, for `await using cache = new RedisCache()`. */
	[Symbol.asyncDispose](): Promise<void>;
};
