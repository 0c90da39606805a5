import type {Duration} from './duration.js';

/** Result of a change. */
export type WriteResult = {
	/**
	 * `redis`: the change is in Redis. `memory`: Redis could not be reached in time; for now the change holds in this
	 * process, and the key is reconciled when Redis is back.
	 */
	readonly stored: 'redis' | 'memory';
};

/** Result of `expire` and `touch`. */
export type ExpireResult = WriteResult & {
	/** True if there was an entry to change. */
	readonly applied: boolean;
};

/** Where a value came from: this process's memory, Redis, or a loader. */
export type EntrySource = 'memory' | 'redis' | 'loader';

/** A value and what is known about it. */
export type Entry<T> = {
	/** May be shared with other callers: do not modify it. */
	readonly value: T;
	/** Where it came from. */
	readonly source: EntrySource;
	/** Milliseconds since the value was set, or since its load began. */
	readonly ageMs: number;
	/** Milliseconds until the value is stale; 0 or less if it is stale already. */
	readonly ttlMs: number;
	/** True if the value is past its TTL and was served within `grace`. */
	readonly stale: boolean;
};

/** Options of calls that store a value. */
export type EntryOptions = {
	/**
	 * Time that the value is fresh. The cache's jitter is applied, and it is cut to `ttl.max`. 0 means "do not keep it": `set`
	 * then deletes the key. Default: the cache's.
	 */
	readonly ttl?: Duration | undefined;
	/**
	 * Time past its TTL in which the value may be served when the loader or Redis fails. TTL and grace together are cut to 30
	 * days. Default: the cache's.
	 */
	readonly grace?: Duration | undefined;
	/** Tags for `invalidateTags`; at most 64, each with the limits of a key. Default: none. */
	readonly tags?: readonly string[] | undefined;
};

/** Options of calls that change something. */
export type WriteOptions = {
	/** Reject instead of falling back. Default: the cache's. */
	readonly strict?: boolean | undefined;
};

/** Options of `set` and `setMany`. */
export type SetOptions = EntryOptions & WriteOptions;

/** Options of reads. */
export type GetOptions = {
	/** Reject instead of falling back. Default: the cache's. */
	readonly strict?: boolean | undefined;
	/** Rejects the call with the signal's reason when it is aborted; the work goes on for other callers. */
	readonly signal?: AbortSignal | undefined;
};

/** Argument of a loader. */
export type LoaderContext = {
	/** The key as the caller gave it. */
	readonly key: string;
	/** Aborted when the hard timeout passes or the cache closes. A caller whose own signal is aborted does not abort it. */
	readonly signal: AbortSignal;
	/** Sets options of the value about to be returned, when they depend on it. Later calls add to earlier ones. */
	setOptions(options: EntryOptions): void;
};

/**
 * Loads a value from its source. What it returns is what `getOrSet` returns. `undefined` means "not there" and is
 * remembered for `negativeTtl`; `null` is a value like any other.
 *
 * @example
 * const loadUser: Loader<User | undefined> = async ({key, signal, setOptions}) => {
 *   const user = await db.findUser(key, {signal});
 *   if (user !== undefined) setOptions({tags: [`team:${user.team}`]});
 *   return user;
 * };
 */
export type Loader<T> = (context: LoaderContext) => PromiseLike<T> | T;

/**
 * Options of `getOrSet`. Options of the load are those of the caller that starts it; callers that join it share its result.
 */
export type GetOrSetOptions = EntryOptions &
	GetOptions & {
		/** Time that "not there" is remembered; 0: not at all. Default: the cache's. */
		readonly negativeTtl?: Duration | undefined;
		/**
		 * After this time a stale value is served, if there is one, and the load goes on in the background. Default: the
		 * cache's.
		 */
		readonly softTimeout?: Duration | undefined;
		/**
		 * After this time the load is aborted, and the call gets a stale value or rejects with `LoaderTimeoutError`. Default: the
		 * cache's.
		 */
		readonly hardTimeout?: Duration | undefined;
		/** Share of the TTL, 0 to 1: a hit with less than this left reloads in the background. Default: the cache's. */
		readonly refreshAhead?: number | undefined;
		/** Loads even if there is a fresh value. Default false. */
		readonly fresh?: boolean | undefined;
	};
