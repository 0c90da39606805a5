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

/** A value with its metadata. */
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

/** Options of `delete`, `deleteMany`, `invalidateTags` and `clear`. */
export type InvalidateOptions = WriteOptions & {
	/**
	 * True: values become stale instead of misses, as if their TTL had ended now. Within their `grace`, `getOrSet` serves them when
	 * the loader fails or takes longer than `softTimeout`; values without grace are removed. A later call without `soft` removes
	 * them for good. If Redis cannot be reached, the values are removed there when it is back, and `invalidateTags` and `clear`
	 * remove them from this process's memory at once. Default false.
	 */
	readonly soft?: boolean | undefined;
};

/** Options of `set` and `setMany`. */
export type SetOptions = EntryOptions & WriteOptions;

/** Options of reads. */
export type GetOptions = {
	/** Reject instead of falling back. Default: the cache's. */
	readonly strict?: boolean | undefined;
	/** Rejects the call with the signal's reason when it is aborted; the load continues for other callers. */
	readonly signal?: AbortSignal | undefined;
};

/** Options of `get`, `getEntry`, `getMany`, `has` and `ttl`. */
export type ReadOptions = GetOptions & {
	/**
	 * True: a value past its TTL and within its `grace` is found, too, also while Redis answers. For callers that renew it
	 * themselves; `getOrSet` does without. Default false.
	 */
	readonly stale?: boolean | undefined;
};

/** The value that a loader is called to replace. */
export type StaleValue = {
	/** May be shared with other callers: do not modify it. */
	readonly value: unknown;
	/** Milliseconds since the value was set, or since its load began. */
	readonly ageMs: number;
};

/** Argument of a loader. */
export type LoaderContext = {
	/** The key as the caller gave it. */
	readonly key: string;
	/** Aborted when the hard timeout passes or the cache closes. A caller whose own signal is aborted does not abort it. */
	readonly signal: AbortSignal;
	/** Sets options of the value about to be returned, when they depend on it. Later calls add to earlier ones. */
	setOptions(options: EntryOptions): void;
	/**
	 * The value that is to be replaced, if there is one: past its TTL and within `grace`, or, with `refreshAhead` and `fresh`,
	 * before that. Enough to ask a source if it has changed: an `etag`, an `updatedAt`.
	 */
	readonly stale: StaleValue | undefined;
	/**
	 * "Not modified": the loader must return its result. The callers get the stale value, and its TTL starts again.
	 *
	 * @param options New options of the value. Default: its present tags, TTL and grace.
	 * @returns Only a mark. Its type is `never`, so that the loader's type is that of its values.
	 * @throws {InvalidArgumentError} there is no stale value, or an option cannot be used.
	 * @example
	 * const load: Loader<Page> = async ({signal, stale, keep}) => {
	 *   const {etag = ''} = (stale?.value as Page | undefined) ?? {};
	 *   const response = await fetch(url, {signal, headers: {'if-none-match': etag}});
	 *   return response.status === 304 ? keep() : toPage(response);
	 * };
	 */
	keep(options?: EntryOptions): never;
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
		/** Time for which an absence is cached; 0: not at all. Default: the cache's. */
		readonly negativeTtl?: Duration | undefined;
		/**
		 * After this time a stale value is served, if there is one, and the load continues in the background. Default: the
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

/** Argument of the loader of `getOrSetMany`. */
export type ManyLoaderContext = {
	/** The keys to load, as the caller gave them; each one once. */
	readonly keys: readonly string[];
	/** Aborted when the hard timeout passes or the cache closes. */
	readonly signal: AbortSignal;
	/** Sets options of the value that is about to be returned for one of the keys. Later calls add to earlier ones. */
	setOptions(key: string, options: EntryOptions): void;
	/** The values that are to be replaced, of those keys that have one: see `LoaderContext`. */
	readonly stale: ReadonlyMap<string, StaleValue>;
	/**
	 * "Not modified", for one of the keys, which is then left out of what the loader returns: see `LoaderContext`.
	 *
	 * @throws {InvalidArgumentError} there is no stale value of the key, or an option cannot be used.
	 */
	keep(key: string, options?: EntryOptions): void;
};

/**
 * Loads the values of many keys at once: returns a Map, or pairs of key and value. A key that is left out counts as
 * absent, as if its value were `undefined`; one that was not requested is ignored.
 *
 * @example
 * const loadUsers: ManyLoader<User> = async ({keys, signal}) => {
 *   const users = await db.findUsers(keys, {signal});
 *   return users.map((user) => [user.id, user]);
 * };
 */
export type ManyLoader<T> = (
	context: ManyLoaderContext,
) => PromiseLike<Iterable<readonly [key: string, value: T]>> | Iterable<readonly [key: string, value: T]>;

/** Options of `getOrSetMany`: they hold for each key. */
export type GetOrSetManyOptions = GetOrSetOptions & {
	/**
	 * True: keys whose load fails are left out of the result, as if they were "not there"; the `load` event has the error.
	 * Default false: the call rejects, although other values may have been found and stored.
	 */
	readonly partial?: boolean | undefined;
};
