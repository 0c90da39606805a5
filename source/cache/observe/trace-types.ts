import type {EntrySource} from '../api/call-types.js';

/** Calls of a cache, as they are named in traces. */
export type CallName =
	| 'get'
	| 'getEntry'
	| 'has'
	| 'ttl'
	| 'getOrSet'
	| 'getMany'
	| 'getOrSetMany'
	| 'set'
	| 'setMany'
	| 'delete'
	| 'deleteMany'
	| 'expire'
	| 'touch'
	| 'invalidateTags'
	| 'clear'
	| 'load';

/** The fields that every trace has from its start. */
export type CallFacts = {
	/** The call. */
	readonly operation: CallName;
	/** URL of Redis, without credentials: `redis://127.0.0.1:6379/0`. */
	readonly server: string;
	/** Namespace of the cache, or of `cache.namespace(…)`. */
	readonly namespace: string;
};

/**
 * Published on `redis-cache-tui:get` (also for `getEntry`, `has` and `ttl`) and `redis-cache-tui:getOrSet`.
 * A read that memory answers has its outcome from the start; all others only when they are done.
 */
export type ReadTrace = CallFacts & {
	/** The call. */
	readonly operation: 'get' | 'getEntry' | 'has' | 'ttl' | 'getOrSet';
	/** The key as the caller gave it. */
	readonly key: string;
	/** `stale`: past its TTL, served within `grace`. A remembered "not there" is a `hit`. */
	outcome?: 'hit' | 'stale' | 'miss';
	/** Where the answer came from. For a miss: `loader` with `getOrSet`, whichever call ran it; otherwise absent. */
	source?: EntrySource;
};

/** Published on `redis-cache-tui:getMany` and `redis-cache-tui:getOrSetMany`. */
export type ManyReadTrace = CallFacts & {
	/** The call. */
	readonly operation: 'getMany' | 'getOrSetMany';
	/** Number of requested keys. */
	readonly keys: number;
	/** Number of values that the call resolved with. */
	hits?: number;
	/** `loader` if `getOrSetMany` had to load any of them. */
	source?: 'loader';
};

/** Published on `redis-cache-tui:set`, `:delete` and `:expire` (also for `touch`). */
export type WriteTrace = CallFacts & {
	/** The call. */
	readonly operation: 'set' | 'delete' | 'expire' | 'touch';
	/** The key as the caller gave it. */
	readonly key: string;
	/** Where the change was made. */
	stored?: 'redis' | 'memory';
	/** For `expire` and `touch`: true if there was an entry to change. */
	applied?: boolean;
};

/** Published on `redis-cache-tui:setMany`, `:deleteMany`, `:invalidateTags` and `:clear`. */
export type ManyWriteTrace = CallFacts & {
	/** The call. */
	readonly operation: 'setMany' | 'deleteMany' | 'invalidateTags' | 'clear';
	/** For `setMany` and `deleteMany`: number of keys. */
	readonly keys?: number;
	/** For `invalidateTags`. */
	readonly tags?: readonly string[];
	/** Where the change was made. */
	stored?: 'redis' | 'memory';
};

/** Published on `redis-cache-tui:load`, once for each run of a loader, however many callers wait for it. */
export type LoadTrace = CallFacts & {
	/** The call. */
	readonly operation: 'load';
	/** The key as the caller gave it. */
	readonly key: string;
	/** Absent if the loader failed or took too long; then there is an `error`. */
	outcome?: 'loaded' | 'absent' | 'kept';
};

/**
 * The context object of the tracing channels. Node.js adds `result`, the value the call resolved with, or `error`, the reason
 * it rejected with. It holds keys and values as they are: omit them from what leaves the process.
 */
export type CallTrace = ReadTrace | ManyReadTrace | WriteTrace | ManyWriteTrace | LoadTrace;
