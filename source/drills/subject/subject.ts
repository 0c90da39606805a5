/** Settings of a call that stores a value. */
export type SubjectWriteOptions = {
	/** Milliseconds that the value should live, at most. */
	readonly ttl: number;
};

/**
 * A user's cache, as a drill calls it. Values are JSON objects of some hundred bytes, and `get` returns what was set. A
 * change counts as acknowledged when its promise resolves, with any value.
 */
export type Subject = {
	/** The value of a key; `undefined` or `null` for a miss. */
	get(key: string): unknown;
	/** Stores a value. */
	set(key: string, value: unknown, options: SubjectWriteOptions): unknown;
	/** Removes a value. */
	delete(key: string): unknown;
	/**
	 * The value of a key, which a miss loads and stores. A subject without it is tested without loads.
	 *
	 * @param load Reads the application's database.
	 */
	getOrSet?(key: string, load: () => Promise<unknown>, options: SubjectWriteOptions): unknown;
	/** Closes its connections. */
	close?(): unknown;
};

/** Where a server, or its part of the fault proxy, listens. */
export type SubjectEndpoint = {
	/** Name or IP address. */
	readonly host: string;
	/** TCP port. */
	readonly port: number;
};

/** A cluster, as clients of clusters take it. */
export type SubjectCluster = {
	/** The first nodes to connect to. They report the others, which are also behind the fault proxy. */
	readonly nodes: readonly SubjectEndpoint[];
	/** User of all nodes. Undefined: the default one. */
	readonly username?: string;
	/** Undefined: they need none. */
	readonly password?: string;
};

/** A master behind Sentinel. */
export type SubjectSentinel = {
	/** Sentinels to begin with. */
	readonly sentinels: readonly SubjectEndpoint[];
	/** Name of the master. */
	readonly name: string;
	/** Number of the database. */
	readonly db: number;
	/** User of the master and its replicas. Undefined: the default one. */
	readonly username?: string;
	/** Undefined: the master and its replicas need none. */
	readonly password?: string;
	/** User of the Sentinels. Undefined: the default one. */
	readonly sentinelUsername?: string;
	/** Undefined: the Sentinels need none. */
	readonly sentinelPassword?: string;
};

/** The settings that a subject is opened with. */
export type SubjectOpenOptions = {
	/**
	 * URL of the Redis to use, with its credentials. A drill breaks the connections to it. Without TLS, also where that Redis
	 * is behind `rediss://`: the proxy speaks TLS to it, so that a subject needs no certificates. Of several servers it is
	 * `redis+cluster://` or `redis+sentinel://`, as `RedisCache` takes it; `cluster` and `sentinel` have its parts.
	 */
	readonly url: string;
	/** Where the Redis is a cluster. */
	readonly cluster?: SubjectCluster;
	/** Where the Redis is behind Sentinel. Also the options of a `Redis` of ioredis. */
	readonly sentinel?: SubjectSentinel;
	/** Aborted when the drill is over. */
	readonly signal: AbortSignal;
};

/** The function that a subject's module exports as `open`, or as its default. */
export type OpenSubject = (options: SubjectOpenOptions) => Subject | Promise<Subject>;

/** An open subject, in this process or another. Every call may reject, and may never settle. */
export type OpenedSubject = {
	/** True if it has a `getOrSet`. */
	readonly canLoad: boolean;
	/** Undefined for a miss. */
	get(key: string): Promise<unknown>;
	set(key: string, value: unknown, ttlMs: number): Promise<void>;
	delete(key: string): Promise<void>;
	getOrSet(key: string, load: () => unknown, ttlMs: number): Promise<unknown>;
	/** Calls the listener if it ends without a request. */
	onEnded(listener: (end: SubjectEnd) => void): void;
	/** Bounded in time. Returns a line that describes the problem; undefined without one. */
	close(): Promise<string | undefined>;
};

/** The end of a subject's process during a drill. */
export type SubjectEnd = {
	/** `error`: it threw, or a rejection was not handled. `exit`: it ended itself, or was ended. */
	readonly cause: 'error' | 'exit';
	/** Follows its name in a sentence: `ended with exit code 5`. */
	readonly message: string;
};
