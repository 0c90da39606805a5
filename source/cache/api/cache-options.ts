import type {ConnectionOptions} from './connection-options.js';
import type {Duration} from './duration.js';

/**
 * Turns values into bytes and back. Entries written with another built-in codec than the cache's own can be read, too.
 *
 * @example
 * const codec: Codec = {id: 'S', encode: (value) => superjson.stringify(value), decode: (bytes) => superjson.parse(bytes.toString())};
 */
export type Codec = {
	/**
	 * One ASCII letter or digit stored with each entry; lower-case letters are reserved for the built-in codecs (`j`, `m`,
	 * `r`).
	 */
	readonly id: string;
	/** If it throws, `set` rejects with an `InvalidValueError` whose `cause` is the error. */
	encode(value: unknown): Buffer | string;
	/** If it throws, the read is a miss, counted as `corrupt`. Copy the bytes if they are to outlive the call. */
	decode(bytes: Buffer): unknown;
};

/** A rule for keys that match a pattern. */
export type TtlPattern = {
	/** A glob (`user:*`, with `*` and `?`) or a regular expression, matched against the key without prefix and namespace. */
	readonly match: string | RegExp;
	/** Replaces the default TTL. */
	readonly ttl?: Duration | undefined;
	/** Replaces the default `grace`. */
	readonly grace?: Duration | undefined;
};

/** The TTLs of values. Options of a call win over the first pattern that matches, and that wins over the default. */
export type TtlPolicy = {
	/** Time that a value is fresh. 0: a value that no call gives a TTL is not kept. Default `'5m'`. */
	readonly default?: Duration | undefined;
	/**
	 * Longest TTL. TTLs of calls are cut to it; a longer one in the options of the cache is an error. Default and upper limit:
	 * 30 days.
	 */
	readonly max?: Duration | undefined;
	/**
	 * Random spread of each TTL, as a share from 0 to 1: 0.1 is ±10 %. Keeps values that were stored together from expiring
	 * together. Default 0.1.
	 */
	readonly jitter?: number | undefined;
	/** Reads in the second half of a value's life restart its TTL. Default false. */
	readonly sliding?: boolean | undefined;
	/** Time past its TTL in which a value may be served when the loader or Redis fails. Default 0: not at all. */
	readonly grace?: Duration | undefined;
	/** Share of the TTL, 0 to 1: a hit of `getOrSet` with less than this left reloads in the background. Default 0: never. */
	readonly refreshAhead?: number | undefined;
	/** Time for which a loader's `undefined` is cached; 0: not at all. Default `'5s'`. */
	readonly negative?: Duration | undefined;
	/** Rules by key; the first that matches applies. */
	readonly patterns?: readonly TtlPattern[] | undefined;
};

/** Compression of values. */
export type CompressionOptions = {
	/** Encoded values of more bytes are compressed. Default 16,384. */
	readonly thresholdBytes?: number | undefined;
	/** Default `deflate`. `brotli` (quality 4) is smaller, and faster on large text. */
	readonly algorithm?: 'deflate' | 'brotli' | undefined;
};

/**
 * How entries in memory are kept coherent with writes of other processes.
 *
 * - `broadcast`: Redis announces every change of the cache's keys to every process. Cheapest where much is read and
 *   little written.
 * - `tracked`: Redis remembers which keys a process has read, and announces the next change of each to that process
 *   only.
 *   Cheapest for many processes that write, and for one that writes what it does not read.
 * - `auto`: `broadcast` or `tracked`, whichever costs Redis less. It begins with `tracked`, and goes over when what was
 *   measured for a quarter of a minute says so by a margin: to `broadcast` at most once a minute, and ever more rarely.
 *   While memory answers less than a tenth of the reads and costs Redis more than that saves, as in one of a hundred
 *   processes that share the traffic, it is bypassed: each read asks Redis, and memory serves outages only.
 * - `ttl`: Redis announces nothing. An entry in memory is served for `memory.trust` without asking Redis.
 */
export type Coherence = 'auto' | 'broadcast' | 'tracked' | 'ttl';

/** The memory tier: the entries kept in this process, with limits for all namespaces of the cache together. */
export type MemoryOptions = {
	/**
	 * Number of entries. When there are too many, the largest namespace drops its least recently used one. Default 10,000, 1 to
	 * 10,000,000.
	 */
	readonly maxEntries?: number | undefined;
	/**
	 * Bytes of keys and values in memory, as they are held: encoded until the first read, then decoded, which for lists of
	 * objects is several times their JSON, and their compressed size many times. Estimated. Default 67,108,864 (64 MiB), from
	 * 1024.
	 */
	readonly maxBytes?: number | undefined;
	/**
	 * Time for which an entry is served without a check in Redis, if there are no invalidations: without the right to
	 * `CLIENT TRACKING`, or with `coherence: 'ttl'`. Default `'1s'`.
	 */
	readonly trust?: Duration | undefined;
	/** The way in which other processes' changes reach memory. Default `'auto'`. */
	readonly coherence?: Coherence | undefined;
};

/** The journal: keys whose state in Redis is unknown. */
export type JournalOptions = {
	/**
	 * Number of keys. When the journal is full, the whole namespace is invalidated on recovery instead; in a cluster, if some nodes
	 * are out of use, when they are back. Default 10,000, 1 to 10,000,000.
	 */
	readonly maxKeys?: number | undefined;
	/**
	 * File that keeps the journal beyond the life of the process; created if missing, and locked by `<path>.lock`. For
	 * one cache at a time: give each process its own path, the same at each start. Default: no file.
	 */
	readonly path?: string | undefined;
	/**
	 * Folder for the journals of several processes, instead of `path`: for pods, whose names are not stable. Created if
	 * missing. Each process has a file there; those of processes that have died are adopted, and reconciled, by the next
	 * one that starts, or within ten seconds by one that runs already (40 where they run in another container or on
	 * another machine, which share the folder). All caches of a folder with the same prefix use the same Redis. Default:
	 * none.
	 */
	readonly directory?: string | undefined;
};

/** Limits of loaders. */
export type LoaderOptions = {
	/**
	 * After this time a stale value is served, if there is one, and the load continues in the background. Default: none.
	 */
	readonly softTimeout?: Duration | undefined;
	/** After this time the load is aborted. Default `'10s'`. */
	readonly hardTimeout?: Duration | undefined;
	/**
	 * Limit of loaders that run at once in this process, for all keys; one of `getOrSetMany` counts once. Beyond it, and
	 * beyond `queue`, a call gets the stale value, if there is one within `grace`, else it rejects with a
	 * `LoadQueueFullError`. Divide what your source can take by the number of processes. Default: no limit. 1 to
	 * 1,000,000.
	 */
	readonly concurrency?: number | undefined;
	/** Loads that may wait for `concurrency`; `hardTimeout` includes that. Default 0, to 1,000,000. */
	readonly queue?: number | undefined;
	/**
	 * Pause after a failed load of a key: until it is over, calls of this process that have a stale value within `grace` get it,
	 * and the loader is not called for each of them. Calls without one, and with `fresh`, call it. Default 0: none.
	 */
	readonly retryAfter?: Duration | undefined;
};

/** The circuit breaker: when Redis is taken out of use, and how often it is tried again. */
export type BreakerOptions = {
	/**
	 * Failed calls in a row that open the breaker. Calls that are in flight together fail together; those that miss their
	 * deadline within one deadline never open it alone. Default 5, 1 to 10,000.
	 *
	 * Not to be confused with `pool.missedDeadlines`, which counts missed deadlines of one connection and reopens it.
	 */
	readonly consecutive?: number | undefined;
	/** Share of failures within ten seconds that opens the breaker. Default 0.5, 0.01 to 1. */
	readonly rate?: number | undefined;
	/** Calls within ten seconds below which the share is ignored. Default 20, 1 to 1,000,000. */
	readonly minimum?: number | undefined;
	/**
	 * Pause between probes while the breaker is open; longer, up to three seconds, after deadlines that were missed again soon after
	 * Redis was back. Default `'100ms'`, 10 ms to a minute.
	 */
	readonly probeInterval?: Duration | undefined;
};

/** The permissions that `redis-cache-tui attach` has in a process. */
export type InspectOptions = {
	/**
	 * The name in its list: letters, digits, `_`, `-`, `.`. Default: the name of the npm package, else of the program's
	 * file.
	 */
	readonly name?: string | undefined;
	/**
	 * `true`: attached programs may also read, change and delete entries, and invalidate tags and namespaces, and they
	 * see values. Default false: attached programs only watch, and see key names but no values.
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
	/** Time that a call waits for Redis before it continues without it. Default `'200ms'`, 1 ms to a minute. */
	readonly deadline?: Duration | undefined;
	/** First part of every key in Redis: letters, digits, `_`, `-`, `.`. Default `rct`. */
	readonly prefix?: string | undefined;
	/** Second part of every key: the namespace of the cache's own calls. Default `default`. */
	readonly namespace?: string | undefined;
	/** TTL rules; a duration is the default TTL. Default `'5m'`. */
	readonly ttl?: Duration | TtlPolicy | undefined;
	/**
	 * `json` (default), `msgpack` (keeps Dates, Maps, Sets, BigInts, typed arrays, cycles; needs the package msgpackr),
	 * `buffer` (raw bytes), or your own.
	 */
	readonly codec?: 'json' | 'msgpack' | 'buffer' | Codec | undefined;
	/** `false`: never compress. Default: compress values above 16 KiB. */
	readonly compression?: false | CompressionOptions | undefined;
	/**
	 * Values with more encoded bytes, before compression, are rejected with an `InvalidValueError`. Default 8,388,608 (8
	 * MiB).
	 */
	readonly maxValueBytes?: number | undefined;
	/** `false` turns the memory tier off: every read uses Redis, and in an outage only loaders return values. */
	readonly memory?: false | MemoryOptions | undefined;
	/** The journal. Default: in this process only. */
	readonly journal?: JournalOptions | undefined;
	/** Limits of loaders. A call may set time limits of its own. */
	readonly loader?: LoaderOptions | undefined;
	/** The circuit breaker. */
	readonly breaker?: BreakerOptions | undefined;
	/**
	 * Time between checks that Redis still answers and that its invalidation messages still arrive: one command each time, and
	 * two on the connection for the messages. A connection that is dead unnoticed leaves memory out of date for up to about
	 * this time. In a process that makes no calls for half a minute they are five times as rare, and memory is checked in Redis
	 * before it is used again. Default `'1s'`, 100 ms to a minute.
	 */
	readonly heartbeat?: Duration | undefined;
	/** `true`: calls reject when Redis fails instead of falling back, unless a call says otherwise. Default false. */
	readonly strict?: boolean | undefined;
	/** Connections to Redis. */
	readonly pool?: ConnectionOptions | undefined;
	/**
	 * `true`: `redis-cache-tui attach`, run by the same user on the same machine, shows this process: a socket in a
	 * folder that only this user can open. It keeps no process alive, and costs nothing without attached programs.
	 * Default: the environment variable `REDIS_CACHE_TUI_INSPECT` (`1`, or a name), else false.
	 */
	readonly inspect?: boolean | InspectOptions | undefined;
};
