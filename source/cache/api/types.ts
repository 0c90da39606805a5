export type {BorrowedConnection, BorrowOptions, ConnectionOptions, SendOptions} from '../options/connection-options.js';
export type * from './cache-api.js';
export type * from './cache-events.js';
export type * from './cache-options.js';

/**
 * Milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'`. Rounded up to whole milliseconds; more
 * than 30 days, `Infinity` included, count as 30 days. Negative ones, NaN and other units are an `InvalidDurationError`.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** What a change resolves with. */
export type WriteResult = {
	/** Where it has been applied: in Redis, or for now only in this process's memory and journal. */
	readonly stored: 'redis' | 'memory';
};

/** What `expire` and `touch` resolve with. */
export type ExpireResult = WriteResult & {
	/** Whether there was an entry to change. */
	readonly applied: boolean;
};

/** Where a value came from: this process's memory, Redis, or a loader. */
export type EntrySource = 'memory' | 'redis' | 'loader';

/** A value and what is known about it. */
export type Entry<T> = {
	/** May be shared with other callers: do not change it. */
	readonly value: T;
	/** Where it came from. */
	readonly source: EntrySource;
	/** Milliseconds since the value was obtained: set, or its load begun. */
	readonly ageMs: number;
	/** Milliseconds until it is stale; 0 or less when it is. */
	readonly ttlMs: number;
	/** Past its TTL, served within `grace`. */
	readonly stale: boolean;
};

/** How a value is kept. */
export type EntryOptions = {
	/**
	 * How long the value is fresh. Spread by the cache's jitter, and cut to `ttl.max`. 0: it is not kept; `set` then deletes
	 * what is there. Default: the cache's.
	 */
	readonly ttl?: Duration | undefined;
	/**
	 * How long past its TTL it may be served when the loader or Redis fails; TTL and grace together are cut to 30 days.
	 * Default: the cache's.
	 */
	readonly grace?: Duration | undefined;
	/** What `invalidateTags` can find it by; at most 64, each like a key. Default: none. */
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
	/** Settles the call early with its reason; the work goes on for others. */
	readonly signal?: AbortSignal | undefined;
};

/** What a loader gets. */
export type LoaderContext = {
	/** As the caller gave it. */
	readonly key: string;
	/** Aborted when the hard time-out passes, or when the cache closes. Callers that give up do not abort it. */
	readonly signal: AbortSignal;
	/** Sets the options of the value about to be returned, when they depend on it. Later calls add to earlier ones. */
	setOptions(options: EntryOptions): void;
};

/**
 * Loads a value from where it is kept. What it returns is what `getOrSet` returns. `undefined` means "not there" and is
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

/** Options of `getOrSet`. Those about the load are of the caller that begins it; others that join it share its result. */
export type GetOrSetOptions = EntryOptions &
	GetOptions & {
		/** How long "not there" is remembered. Default: the cache's. 0: not at all. */
		readonly negativeTtl?: Duration | undefined;
		/** Past this, a stale value is served if there is one, and the load goes on in the background. Default: the cache's. */
		readonly softTimeout?: Duration | undefined;
		/** Past this, the load is aborted and the call rejects with `LoaderTimeoutError`, or is served stale. Default: the cache's. */
		readonly hardTimeout?: Duration | undefined;
		/** Share of the TTL (0 to 1) left at which a hit reloads in the background. Default: the cache's. */
		readonly refreshAhead?: number | undefined;
		/** Load even if there is a fresh value. Default false. */
		readonly fresh?: boolean | undefined;
	};
