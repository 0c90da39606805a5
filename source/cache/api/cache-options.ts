import type {ConnectionOptions} from '../options/connection-options.js';
import type {Duration} from './types.js';

/**
 * Turns values into bytes and back. Entries of another codec than the cache's are read, too, as long as it is built in.
 *
 * @example
 * const codec: Codec = {id: 'S', encode: (value) => superjson.stringify(value), decode: (bytes) => superjson.parse(bytes.toString())};
 */
export type Codec = {
	/** One ASCII letter or digit that marks entries of this codec; lower-case letters are for the built-in ones (`j`, `m`, `r`). */
	readonly id: string;
	/** What it throws becomes the cause of the `InvalidValueError` that `set` rejects with. */
	encode(value: unknown): Buffer | string;
	/** What it throws makes the entry a miss, counted as `corrupt`. The bytes may be used after the call only as a copy. */
	decode(bytes: Buffer): unknown;
};

/** A rule for keys that match. */
export type TtlPattern = {
	/** A glob (`user:*`, with `*` and `?`) or a regular expression, held against the key without prefix and namespace. */
	readonly match: string | RegExp;
	/** Instead of the default TTL. */
	readonly ttl?: Duration | undefined;
	/** Instead of the default `grace`. */
	readonly grace?: Duration | undefined;
};

/** How long values live. What a call says goes before the first pattern that matches, and that before the default. */
export type TtlPolicy = {
	/** How long a value is fresh. 0: what no call gives a TTL is not kept. Default `'5m'`. */
	readonly default?: Duration | undefined;
	/**
	 * No TTL is longer: those of calls are cut to it, and to have a longer one here is an error. Default and most: 30 days.
	 */
	readonly max?: Duration | undefined;
	/** Spread of each TTL, as a share from 0 to 1: 0.1 is ±10 %. Keeps what was stored together from expiring together. Default 0.1. */
	readonly jitter?: number | undefined;
	/** Reads in the second half of a value's life start its TTL anew. Default false. */
	readonly sliding?: boolean | undefined;
	/** How long past its TTL a value may be served when the loader or Redis fails. Default 0: not at all. */
	readonly grace?: Duration | undefined;
	/** Share of the TTL, from 0 to 1, left at which a hit of `getOrSet` reloads in the background. Default 0: never. */
	readonly refreshAhead?: number | undefined;
	/** How long a loader's "not there" is remembered. Default `'5s'`. 0: not at all. */
	readonly negative?: Duration | undefined;
	/** Rules by key; the first that matches counts. */
	readonly patterns?: readonly TtlPattern[] | undefined;
};

/** How values are compressed. */
export type CompressionOptions = {
	/** Encoded values of more bytes are compressed. Default 16,384. */
	readonly thresholdBytes?: number | undefined;
	/** Default `deflate`. `brotli` (quality 4) is smaller, and faster on large text. */
	readonly algorithm?: 'deflate' | 'brotli' | undefined;
};

/** The memory tier: what this process keeps, all namespaces of the cache together. */
export type MemoryOptions = {
	/** Entries; the namespace that has most gives up what it used least. Default 10,000, 1 to 10,000,000. */
	readonly maxEntries?: number | undefined;
	/** Bytes of keys and values, as an estimate of what they take in memory. Default 67,108,864 (64 MiB), from 1024. */
	readonly maxBytes?: number | undefined;
	/** How long an entry is believed where the server cannot tell of changes (in a cluster, or without the right to `CLIENT TRACKING`). Default `'1s'`. */
	readonly trust?: Duration | undefined;
};

/** Where keys are noted whose state in Redis is not known. */
export type JournalOptions = {
	/** Keys it can hold. When it is full, the namespace as a whole is invalidated on recovery. Default 10,000, 1 to 10,000,000. */
	readonly maxKeys?: number | undefined;
	/**
	 * A file that keeps them beyond the life of the process; made if it is not there, and locked by `<path>.lock`. For one cache
	 * at a time: give each process a path of its own, the same at each start. Default: none.
	 */
	readonly path?: string | undefined;
};

/** Time limits of loaders. */
export type LoaderOptions = {
	/** Past this, a stale value is served if there is one, and the load goes on in the background. Default: none. */
	readonly softTimeout?: Duration | undefined;
	/** Past this, the load is aborted. Default `'10s'`. */
	readonly hardTimeout?: Duration | undefined;
};

/** When Redis is taken out of use, and how soon it is tried again. */
export type BreakerOptions = {
	/** Failed calls in a row that open it. Calls that went together fail together; one command alone counts for one less. Default 5, 1 to 10,000. */
	readonly consecutive?: number | undefined;
	/** Share of failures in ten seconds that opens it. Default 0.5, 0.01 to 1. */
	readonly rate?: number | undefined;
	/** Calls in ten seconds below which the share says nothing. Default 20, 1 to 1,000,000. */
	readonly minimum?: number | undefined;
	/** Pause between probes while it is open. Default `'100ms'`, 10 ms to a minute. */
	readonly probeInterval?: Duration | undefined;
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
	 * `redis://`, `rediss://` (TLS), `unix://`, `redis+sentinel://host:port,host:port/master-name`, `redis+cluster://host:port,host:port`,
	 * each with `user:password@` if need be. Default: the environment's `REDIS_URL`, else `redis://127.0.0.1:6379`.
	 */
	readonly url?: string | undefined;
	/** How long a call waits for Redis; then it does without. Default `'200ms'`, 1 ms to a minute. */
	readonly deadline?: Duration | undefined;
	/** First part of every key in Redis: letters, digits, `_`, `-`, `.`. Default `rct`. */
	readonly prefix?: string | undefined;
	/** Second part of every key: the namespace of the cache's own calls. Default `default`. */
	readonly namespace?: string | undefined;
	/** A duration is the default TTL. Default `'5m'`. */
	readonly ttl?: Duration | TtlPolicy | undefined;
	/**
	 * `json` (default), `msgpack` (keeps Dates, Maps, Sets, BigInts, typed arrays, cycles; needs the package msgpackr),
	 * `buffer` (bytes as they are), or your own.
	 */
	readonly codec?: 'json' | 'msgpack' | 'buffer' | Codec | undefined;
	/** `false`: never. Default: above 16 KiB. */
	readonly compression?: false | CompressionOptions | undefined;
	/** Values with more encoded bytes, before compression, are refused with an `InvalidValueError`. Default 8,388,608 (8 MiB). */
	readonly maxValueBytes?: number | undefined;
	/** `false` turns the memory tier off: every read asks Redis, and an outage leaves only loaders. */
	readonly memory?: false | MemoryOptions | undefined;
	/** Default: in this process only. */
	readonly journal?: JournalOptions | undefined;
	/** Time limits of loaders, unless a call says otherwise. */
	readonly loader?: LoaderOptions | undefined;
	/** When Redis is taken out of use. */
	readonly breaker?: BreakerOptions | undefined;
	/**
	 * `true`: reads and changes reject because of Redis instead of falling back, unless a call says otherwise. Default false.
	 */
	readonly strict?: boolean | undefined;
	/** Connections to Redis. */
	readonly pool?: ConnectionOptions | undefined;
};
