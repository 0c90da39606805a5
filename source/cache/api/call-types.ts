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

/** The source of a value: this process's memory, Redis, or a loader. */
export type EntrySource = 'memory' | 'redis' | 'loader';

/** A value with its metadata. */
export type Entry<T> = {
	/** May be shared with other callers: do not modify it. */
	readonly value: T;
	/** The source of the value. */
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
	 * Time for which the value is fresh. The cache's jitter is applied, and a longer time than `ttl.max` is reduced to that. 0
	 * means "do not keep it": `set` then deletes the key. Default: the cache's.
	 */
	readonly ttl?: Duration | undefined;
	/**
	 * Time after its TTL in which the value may still be served if the loader or Redis fails. TTL and grace together are
	 * limited to 30 days. Default: the cache's.
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
	 * True: values become stale instead of misses, as if their TTL had ended now. Within their `grace`, `getOrSet` serves them
	 * when the loader fails or takes longer than `softTimeout`; values without grace are removed. A later call without `soft`
	 * removes them for good. If Redis cannot be reached, the values are removed there when it is back, and `invalidateTags` and
	 * `clear` remove them from this process's memory at once. Default false.
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
	 * True: a value past its TTL and within its `grace` is also returned while Redis is in use. Meant for callers that renew
	 * values themselves; `getOrSet` does not need it. Default false.
	 */
	readonly stale?: boolean | undefined;
};

/** The value that a loader is to replace. */
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
	/** Aborted when the hard timeout has passed or the cache is closed; not when the signal of a single caller is aborted. */
	readonly signal: AbortSignal;
	/** Sets options that depend on the loaded value. Call it before the loader returns. Later calls add to earlier ones. */
	setOptions(options: EntryOptions): void;
	/**
	 * The value that is to be replaced, if there is one: past its TTL and within `grace`, or, with `refreshAhead` and `fresh`,
	 * still within its TTL. With its `etag` or `updatedAt`, a loader can ask the source if the value has changed.
	 */
	readonly stale: StaleValue | undefined;
	/**
	 * Reports that the value was not modified: the loader must return the result of this call. The callers then get the stale
	 * value, and its TTL restarts.
	 *
	 * @param options New options of the value. Default: its current tags, TTL and grace.
	 * @returns A marker. Its type is `never`, so that it does not affect the return type of the loader.
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
 * Loads a value from its source. `getOrSet` returns its result. `undefined` means "not there", and is cached for `negativeTtl`;
 * `null` is a value like any other.
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
 * Options of `getOrSet`. A load uses the options of the caller that started it; callers that join it share its result.
 */
export type GetOrSetOptions = EntryOptions &
	GetOptions & {
		/** Time for which an absence is cached; 0: not at all. Default: the cache's. */
		readonly negativeTtl?: Duration | undefined;
		/**
		 * Time after which a stale value is served, if there is one, while the load continues in the background. Default: the
		 * cache's.
		 */
		readonly softTimeout?: Duration | undefined;
		/**
		 * Time after which the load is aborted, and the call gets a stale value or rejects with a `LoaderTimeoutError`.
		 * Default: the cache's.
		 */
		readonly hardTimeout?: Duration | undefined;
		/**
		 * Share of the TTL, 0 to 1: a hit with less than this share left starts a reload in the background. Default: the
		 * cache's.
		 */
		readonly refreshAhead?: number | undefined;
		/** True: loads even if there is a fresh value. Default false. */
		readonly fresh?: boolean | undefined;
	};

/** Argument of the loader of `getOrSetMany`. */
export type ManyLoaderContext = {
	/** The keys to load, as the caller gave them; each one once. */
	readonly keys: readonly string[];
	/** Aborted when the hard timeout has passed or the cache is closed. */
	readonly signal: AbortSignal;
	/** Sets options of the loaded value of a key. Call it before the loader returns. Later calls add to earlier ones. */
	setOptions(key: string, options: EntryOptions): void;
	/** The values that are to be replaced, by key, for the keys that have one: see `LoaderContext`. */
	readonly stale: ReadonlyMap<string, StaleValue>;
	/**
	 * Reports that the value of one key was not modified. The loader then leaves the key out of its result: see `LoaderContext`.
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

/** Options of `getOrSetMany`. They apply to each key. */
export type GetOrSetManyOptions = GetOrSetOptions & {
	/**
	 * True: keys whose load fails are left out of the result, as if they were "not there"; the `load` event has the error.
	 * Default false: the call rejects, even if other values were found or stored.
	 */
	readonly partial?: boolean | undefined;
};
