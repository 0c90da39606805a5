import type {CacheSnapshot, ModeChange} from '../metrics/snapshot.js';
import type {PoolOptions} from '../pool/types.js';

/** Milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** Where a change has been applied: in Redis, or for now only in this process's memory and journal. */
export type WriteResult = {readonly stored: 'redis' | 'memory'};

/** What `expire` and `touch` return. */
export type ExpireResult = WriteResult & {
	/** Whether there was an entry to change. */
	readonly applied: boolean;
};

export type EntrySource = 'memory' | 'redis' | 'loader';

/** A value and what is known about it. */
export type Entry<T> = {
	readonly value: T;
	readonly source: EntrySource;
	/** Milliseconds since the value was obtained. */
	readonly ageMs: number;
	/** Milliseconds until it is stale; 0 or less when it is. `undefined`: it never is. */
	readonly ttlMs: number | undefined;
	/** Past its TTL, served within `grace`. */
	readonly stale: boolean;
};

export type SetOptions = {
	/** How long the value is fresh. Default: the cache's. */
	readonly ttl?: Duration;
	/** How long past its TTL it may be served when the loader or Redis fails. Default: the cache's. */
	readonly grace?: Duration;
	readonly tags?: readonly string[];
	/** Reject instead of falling back. Default: the cache's. */
	readonly strict?: boolean;
};

export type GetOptions = {
	readonly strict?: boolean;
	/** Settles the call early with its reason; the work goes on for others. */
	readonly signal?: AbortSignal;
};

export type LoaderContext = {
	readonly key: string;
	/** Aborted when the hard time-out passes, or when nobody waits for the value any more and the cache closes. */
	readonly signal: AbortSignal;
	/** Sets the options of the value about to be returned, when they depend on it. */
	setOptions(options: SetOptions): void;
};

/** Loads a value from where it is kept. `undefined` means "not there" and is remembered for `negativeTtl`. */
export type Loader<T> = (context: LoaderContext) => Promise<T | undefined> | T | undefined;

export type GetOrSetOptions = SetOptions &
	GetOptions & {
		/** How long "not there" is remembered. Default: the cache's. 0: not at all. */
		readonly negativeTtl?: Duration;
		/** Past this, a stale value is served if there is one, and the load goes on in the background. Default: the cache's. */
		readonly softTimeout?: Duration;
		/** Past this, the load is aborted and the call rejects with `LoaderTimeoutError`, or is served stale. Default: the cache's. */
		readonly hardTimeout?: Duration;
		/** Share of the TTL (0 to 1) left at which a hit reloads in the background. Default: the cache's. */
		readonly refreshAhead?: number;
		/** Load even if there is a fresh value. */
		readonly fresh?: boolean;
	};

/** Turns values into bytes and back. */
export type Codec = {
	/** One ASCII character that marks entries of this codec; lower-case letters are for the built-in ones (`j`, `m`, `r`). */
	readonly id: string;
	encode(value: unknown): Buffer | string;
	decode(bytes: Buffer): unknown;
};

export type TtlPolicy = {
	/** Default `'5m'`. */
	readonly default?: Duration;
	/** No TTL is longer. Default `'1d'`. */
	readonly max?: Duration;
	/** Spread of each TTL, as a share: 0.1 is ±10 %. Default 0.1. */
	readonly jitter?: number;
	/** Reads prolong an entry's life. Default false. */
	readonly sliding?: boolean;
	/** Default 0: nothing is served stale. */
	readonly grace?: Duration;
	/** Share of the TTL left at which a hit reloads in the background; 0: never. Default 0. */
	readonly refreshAhead?: number;
	/** Default `'5s'`. 0: "not there" is not remembered. */
	readonly negative?: Duration;
	/** First match wins: a glob (`user:*`) or a regular expression, and what it changes. */
	readonly patterns?: readonly {readonly match: string | RegExp; readonly ttl?: Duration; readonly grace?: Duration}[];
};

export type CacheOptions = {
	/** Default: `REDIS_URL`, else `redis://127.0.0.1:6379`. */
	readonly url?: string;
	/** First part of every key in Redis. Default `rct`. */
	readonly prefix?: string;
	/** Default `default`. */
	readonly namespace?: string;
	readonly ttl?: Duration | TtlPolicy;
	readonly codec?: 'json' | 'msgpack' | 'buffer' | Codec;
	/** Values of more bytes are compressed. Default 16 KiB; `false`: never. */
	readonly compression?: false | {readonly thresholdBytes?: number; readonly algorithm?: 'deflate' | 'brotli'};
	/** Larger encoded values are refused. Default 8 MiB. */
	readonly maxValueBytes?: number;
	/** `false` turns the memory tier off. */
	readonly memory?:
		| false
		| {
				/** Default 10,000. */
				readonly maxEntries?: number;
				/** Default 64 MiB. */
				readonly maxBytes?: number;
				/** How long an entry is trusted where the server cannot tell of changes. Default `'1s'`. */
				readonly trust?: Duration;
		  };
	/** `memory` (default) keeps dirty keys in the process; a path also keeps them in a file. */
	readonly journal?: {readonly maxKeys?: number; readonly path?: string};
	readonly loader?: {
		/** Default: none. */
		readonly softTimeout?: Duration;
		/** Default `'10s'`. */
		readonly hardTimeout?: Duration;
	};
	readonly breaker?: {
		/** Failures in a row that open it. Default 5. */
		readonly consecutive?: number;
		/** Share of failures in ten seconds that opens it. Default 0.5, of at least `minimum` calls (default 20). */
		readonly rate?: number;
		readonly minimum?: number;
		/** Milliseconds between probes while it is open. Default 100. */
		readonly probeMs?: number;
	};
	/** Reject because of Redis instead of falling back. Default false. */
	readonly strict?: boolean;
	readonly pool?: Omit<PoolOptions, 'url'>;
};

/** Events of a cache and what their listeners get. Listeners run synchronously; one that throws is reported as a process warning and breaks nothing. */
export type CacheEvents = {
	readonly hit: {readonly key: string; readonly source: 'memory' | 'redis'; readonly stale: boolean};
	readonly miss: {readonly key: string};
	readonly set: {readonly key: string; readonly stored: 'redis' | 'memory'};
	readonly delete: {readonly key: string; readonly stored: 'redis' | 'memory'};
	readonly evict: {readonly key: string};
	readonly load: {
		readonly key: string;
		readonly durationMs: number;
		readonly outcome: 'loaded' | 'absent' | 'failed' | 'timeout';
		readonly error?: unknown;
	};
	readonly error: {readonly operation: string; readonly error: Error};
	readonly mode: ModeChange & {readonly previous: ModeChange};
	readonly reconcile: {
		readonly keys: number;
		readonly kept: number;
		readonly overflowed: boolean;
		readonly durationMs: number;
	};
	readonly pool: {readonly lane: number; readonly type: 'ready' | 'lost' | 'reset'; readonly reason: string};
};

/** The calls of a cache; `RedisCache` and its namespaces have them. */
export type CacheApi = {
	get<T = unknown>(key: string, options?: GetOptions): Promise<T | undefined>;
	getEntry<T = unknown>(key: string, options?: GetOptions): Promise<Entry<T> | undefined>;
	has(key: string): Promise<boolean>;
	set(key: string, value: unknown, options?: SetOptions): Promise<WriteResult>;
	delete(key: string, options?: {readonly strict?: boolean}): Promise<WriteResult>;
	getOrSet<T>(key: string, loader: Loader<T>, options?: GetOrSetOptions): Promise<T | undefined>;
	getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>>;
	setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<WriteResult>;
	deleteMany(keys: readonly string[]): Promise<WriteResult>;
	/** Milliseconds left; `undefined`: there is no such entry. */
	ttl(key: string): Promise<number | undefined>;
	expire(key: string, ttl: Duration): Promise<ExpireResult>;
	touch(key: string): Promise<ExpireResult>;
	invalidateTags(tags: readonly string[]): Promise<WriteResult>;
	/** Makes every entry of this namespace a miss. */
	clear(): Promise<WriteResult>;
	namespace(name: string): CacheApi;
};

/** What `new RedisCache(options)` offers beyond `CacheApi`. */
export type CacheLife = {
	/** Resolves when Redis is in use; rejects with `NotConnectedError` after `timeout` (default `'5s'`). */
	ready(timeout?: Duration): Promise<void>;
	stats(): CacheSnapshot;
	on<E extends keyof CacheEvents>(event: E, listener: (payload: CacheEvents[E]) => void): () => void;
	close(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
};
