import type {ConnectionOptions} from './connection-options.js';
import type {Duration} from './duration.js';

/**
 * Converts values to bytes and back. A cache can also read entries that were written with another built-in codec than its own.
 *
 * @example
 * const codec: Codec = {id: 'S', encode: (value) => superjson.stringify(value), decode: (bytes) => superjson.parse(bytes.toString())};
 */
export type Codec = {
	/**
	 * Identifies the codec in each entry: one ASCII letter or digit. Lower-case letters are reserved for the built-in codecs
	 * (`j`, `m`, `r`).
	 */
	readonly id: string;
	/** Encodes a value. If it throws, `set` rejects with an `InvalidValueError` whose `cause` is the error. */
	encode(value: unknown): Buffer | string;
	/**
	 * Decodes a value. If it throws, the read is a miss, counted as `corrupt`. Copy the bytes if they are used after the call.
	 */
	decode(bytes: Buffer): unknown;
};

/** TTL rules for keys that match a pattern. */
export type TtlPattern = {
	/** A glob (`user:*`, with `*` and `?`) or a regular expression, matched against the key without prefix and namespace. */
	readonly match: string | RegExp;
	/** Replaces the default TTL. */
	readonly ttl?: Duration | undefined;
	/** Replaces the default `grace`. */
	readonly grace?: Duration | undefined;
};

/** TTL rules. Options of a call override the first matching pattern, which overrides the defaults. */
export type TtlPolicy = {
	/** Time for which a value is fresh. 0: a value whose call has no TTL is not kept. Default `'5m'`. */
	readonly default?: Duration | undefined;
	/**
	 * Maximum TTL. Longer TTLs of calls are reduced to it; a longer one in the options of the cache is an error. Default and
	 * upper limit: 30 days.
	 */
	readonly max?: Duration | undefined;
	/**
	 * Random spread of each TTL, as a share from 0 to 1: 0.1 is ±10 %. Keeps values that were stored together from expiring
	 * together. Default 0.1.
	 */
	readonly jitter?: number | undefined;
	/** Reads in the second half of a value's life restart its TTL. Default false. */
	readonly sliding?: boolean | undefined;
	/** Time after its TTL in which a value may still be served if the loader or Redis fails. Default 0: not at all. */
	readonly grace?: Duration | undefined;
	/**
	 * Share of the TTL, 0 to 1: a hit of `getOrSet` with less than this share left starts a reload in the background. Default
	 * 0: never.
	 */
	readonly refreshAhead?: number | undefined;
	/** Time for which a loader's `undefined` is cached; 0: not at all. Default `'5s'`. */
	readonly negative?: Duration | undefined;
	/** Rules by key. The first one that matches applies. Default: none. */
	readonly patterns?: readonly TtlPattern[] | undefined;
};

/** Compression of values. */
export type CompressionOptions = {
	/** Values with more encoded bytes are compressed. Default 16,384. */
	readonly thresholdBytes?: number | undefined;
	/** The algorithm. `brotli` (quality 4) compresses better, and is faster on large text. Default `deflate`. */
	readonly algorithm?: 'deflate' | 'brotli' | undefined;
};

/**
 * How entries in memory are kept coherent with writes of other processes.
 *
 * - `broadcast`: Redis announces every change of the cache's keys to every process. Cheapest with many reads and few writes.
 * - `tracked`: Redis remembers which keys a process has read, and announces the next change of each to that process
 *   only.
 *   Cheapest with many processes that write, and for a process that writes keys which it does not read.
 * - `auto`: `broadcast` or `tracked`, whichever costs Redis less. It begins with `tracked`, and changes if measurements over 15
 *   s clearly favor the other one; to `broadcast` at most once a minute, and less often each time. While memory answers less than
 *   a tenth of the reads and costs Redis more than that saves, as in one of a hundred processes that share the traffic, it is
 *   bypassed: each read asks Redis, and memory serves outages only.
 * - `ttl`: Redis announces no changes. An entry in memory is served for `memory.trust` without a check in Redis.
 */
export type Coherence = 'auto' | 'broadcast' | 'tracked' | 'ttl';

/** The memory tier: the entries kept in this process. Its limits apply to all namespaces of the cache together. */
export type MemoryOptions = {
	/**
	 * Maximum number of entries. When it is exceeded, the largest namespace drops its least recently used entry. Default
	 * 10,000, 1 to 10,000,000.
	 */
	readonly maxEntries?: number | undefined;
	/**
	 * Maximum estimated bytes of keys and values in memory. Values are held encoded until their first read, and then decoded: a
	 * list of objects takes several times the size of its JSON, and many times its compressed size. Default 67,108,864 (64
	 * MiB), at least 1024.
	 */
	readonly maxBytes?: number | undefined;
	/**
	 * Time for which an entry is served without a check in Redis if Redis sends no invalidations: without the right to `CLIENT
	 * TRACKING`, or with `coherence: 'ttl'`. Default `'1s'`.
	 */
	readonly trust?: Duration | undefined;
	/** How changes by other processes reach memory. Default `'auto'`. */
	readonly coherence?: Coherence | undefined;
};

/** The journal: keys whose latest change may not be in Redis. */
export type JournalOptions = {
	/**
	 * Maximum number of keys. If it is exceeded, the whole namespace is invalidated when Redis is back; in a cluster, when the
	 * nodes that are out of use are back. Default 10,000, 1 to 10,000,000.
	 */
	readonly maxKeys?: number | undefined;
	/**
	 * File in which the journal survives the process. It is created if missing, and locked by `<path>.lock`. Only one cache can
	 * use it at a time: give each process its own path, and the same one at each start. Default: no file.
	 */
	readonly path?: string | undefined;
	/**
	 * Folder for the journals of several processes, instead of `path`: for pods without stable names. Created if missing. Each
	 * process has a file in it. The file of a process that has died is adopted, and its keys are reconciled, by the next
	 * process that starts, or within ten seconds by one that is running (40 seconds if the process ran in another container or
	 * on another machine that shares the folder). All caches with the same prefix and folder must use the same Redis. Default:
	 * none.
	 */
	readonly directory?: string | undefined;
};

/** Limits of loaders. */
export type LoaderOptions = {
	/**
	 * Time after which a stale value is served, if there is one, while the load continues in the background. Default: none.
	 */
	readonly softTimeout?: Duration | undefined;
	/** Time after which a load is aborted. Default `'10s'`. */
	readonly hardTimeout?: Duration | undefined;
	/**
	 * Maximum number of loaders that run at once in this process, for all keys; one of `getOrSetMany` counts once. If it is
	 * reached and `queue` is full, a call gets the stale value, if there is one within `grace`, else it rejects with a
	 * `LoadQueueFullError`. Divide the capacity of your data source by the number of processes. Default: no limit. 1 to
	 * 1,000,000.
	 */
	readonly concurrency?: number | undefined;
	/**
	 * Maximum number of loads that wait because of `concurrency`. Their wait counts toward `hardTimeout`. Default 0, up to
	 * 1,000,000.
	 */
	readonly queue?: number | undefined;
	/**
	 * Pause after a failed load of a key. Until it is over, calls of this process get the stale value without calling the
	 * loader again, if there is one within `grace`. Calls without a stale value, and calls with `fresh`, do call the loader.
	 * Default 0: none.
	 */
	readonly retryAfter?: Duration | undefined;
};

/** The circuit breaker: when Redis is taken out of use, and how often it is probed after that. */
export type BreakerOptions = {
	/**
	 * Number of failed calls in a row that opens the breaker. Since calls in flight fail together, missed deadlines within the
	 * time of one deadline never open it alone. Default 5, 1 to 10,000.
	 *
	 * Not to be confused with `pool.missedDeadlines`, which counts missed deadlines of one connection and reopens it.
	 */
	readonly consecutive?: number | undefined;
	/** Share of failures within ten seconds that opens the breaker. Default 0.5, 0.01 to 1. */
	readonly rate?: number | undefined;
	/** Number of calls within ten seconds below which `rate` is ignored. Default 20, 1 to 1,000,000. */
	readonly minimum?: number | undefined;
	/**
	 * Pause between probes while the breaker is open. It grows, up to three seconds, if deadlines are missed again soon after
	 * Redis was back. Default `'100ms'`, 10 ms to a minute.
	 */
	readonly probeInterval?: Duration | undefined;
};

/** How `redis-cache-tui attach` may access a process. */
export type InspectOptions = {
	/**
	 * Name of the process in the list of `attach`: letters, digits, `_`, `-`, `.`. Default: the name of the npm package, else
	 * that of the program's file.
	 */
	readonly name?: string | undefined;
	/**
	 * `true`: attached programs see values, may read, change and delete entries, and may invalidate tags and namespaces.
	 * Default false: attached programs can only watch, and see names of keys but no values.
	 */
	readonly commands?: boolean | undefined;
};

/**
 * Options of `new RedisCache(options)`. All have defaults.
 *
 * @example
 * const cache = new RedisCache({
 *   url: 'rediss://app:secret@redis.internal:6380/2',
 *   namespace: 'shop',
 *   ttl: {default: '10m', grace: '1h', patterns: [{match: 'session:*', ttl: '1d'}]},
 *   memory: {maxEntries: 50_000},
 *   deadline: '100ms',
 * });
 */
export type CacheOptions = {
	/**
	 * `redis://`, `rediss://` (TLS), `unix://`, `redis+sentinel://host:port,host:port/master-name` or
	 * `redis+cluster://host:port,host:port`, each with `user:password@` where needed. Default: the environment variable
	 * `REDIS_URL`, else `redis://127.0.0.1:6379`.
	 */
	readonly url?: string | undefined;
	/** Time for which a call waits for Redis before it continues without it. Default `'200ms'`, 1 ms to a minute. */
	readonly deadline?: Duration | undefined;
	/** First part of every key in Redis: letters, digits, `_`, `-`, `.`. Default `rct`. */
	readonly prefix?: string | undefined;
	/** Second part of every key: the namespace of the cache's own calls. Default `default`. */
	readonly namespace?: string | undefined;
	/** TTL rules, or only the default TTL. Default `'5m'`. */
	readonly ttl?: Duration | TtlPolicy | undefined;
	/**
	 * How values are encoded: `json` (default), `msgpack` (keeps Dates, Maps, Sets, BigInts, typed arrays and cycles; needs the
	 * package msgpackr), `buffer` (raw bytes), or your own codec.
	 */
	readonly codec?: 'json' | 'msgpack' | 'buffer' | Codec | undefined;
	/** `false`: never compress. Default: compress values above 16 KiB. */
	readonly compression?: false | CompressionOptions | undefined;
	/**
	 * Maximum size of an encoded value in bytes, before compression. Larger ones are rejected with an `InvalidValueError`.
	 * Default 8,388,608 (8 MiB).
	 */
	readonly maxValueBytes?: number | undefined;
	/** Limits of the memory tier. `false` turns it off: every read uses Redis, and in an outage only loaders return values. */
	readonly memory?: false | MemoryOptions | undefined;
	/** The journal. Default: it is kept in this process only. */
	readonly journal?: JournalOptions | undefined;
	/** Limits of loaders. A call may set time limits of its own. */
	readonly loader?: LoaderOptions | undefined;
	/** The circuit breaker. */
	readonly breaker?: BreakerOptions | undefined;
	/**
	 * Time between checks that Redis still answers and that its invalidation messages still arrive. Each check takes one
	 * command, and two on the connection for the messages. If that connection is dead unnoticed, memory can be out of date for
	 * about this time. In a process that makes no calls for half a minute, checks are five times as rare, and memory is checked
	 * in Redis before it is used again. Default `'1s'`, 100 ms to a minute.
	 */
	readonly heartbeat?: Duration | undefined;
	/** `true`: calls reject if Redis fails instead of falling back, unless a call overrides it. Default false. */
	readonly strict?: boolean | undefined;
	/** Connections to Redis. */
	readonly pool?: ConnectionOptions | undefined;
	/**
	 * `true`: `redis-cache-tui attach`, run by the same user on the same machine, can show this process. It connects to a
	 * socket in a folder that only this user can access. The socket does not keep the process alive, and costs nothing without
	 * attached programs. Default: the environment variable `REDIS_CACHE_TUI_INSPECT` (`1`, or a name), else false.
	 */
	readonly inspect?: boolean | InspectOptions | undefined;
};
