/** Username and password of a connection. */
export type Credentials = {
	/** Default: the user `default`. */
	readonly username?: string | undefined;
	/** A password, or a token. */
	readonly password: string;
	/** When they expire: a Date, or Unix time in milliseconds. The function is called again before that. Default: never. */
	readonly expiresAt?: Date | number | undefined;
};

/** An address to connect to. */
export type Endpoint = {
	/** Name or IP address. */
	readonly host: string;
	/** Number of the port. */
	readonly port: number;
};

/**
 * Maps announced addresses (`172.18.0.2:6379`) to the endpoints to connect to. Addresses without an entry are used as they are.
 */
export type NatMap = Readonly<Record<string, Endpoint>> | ((address: string) => Endpoint | undefined);

/** Resolves a host name to an IP address. */
export type DnsLookup = (host: string) => PromiseLike<string> | string;

/** Options of the connections to Redis. A number out of range is an `InvalidArgumentError` that names the option. */
export type PoolOptions = {
	/** `redis://`, `rediss://`, `unix://`, `redis+sentinel://`, `redis+cluster://`. Default `redis://127.0.0.1:6379`. */
	readonly url?: string;
	/** Number of lanes, the connections that all calls share; in a cluster, the number for each node. Default 2, 1 to 64. */
	readonly lanes?: number;
	/**
	 * Milliseconds until a command that was not answered fails with a `DeadlineError`. Default 200; in a cache 1 to
	 * 60,000.
	 */
	readonly deadlineMs?: number;
	/**
	 * Commands that may be in flight on a lane; more are refused with an `OverloadError`. Default 1024, 1 to 1,000,000.
	 */
	readonly capacity?: number;
	/**
	 * Deadlines that may be missed in a row on one lane before its socket is replaced; those of commands that are in
	 * flight together count as one. Default 3. This only
	 * concerns the connection; when to stop using Redis is decided by the circuit breaker of the cache, whose
	 * `breaker.consecutive` counts failures over all lanes.
	 */
	readonly missedDeadlines?: number;
	/** Pause between attempts to connect: doubles from `minMs` to `maxMs`, with jitter. */
	readonly reconnect?: {
		/** Milliseconds. Default 50. */
		readonly minMs?: number;
		/** Milliseconds. Default 400. */
		readonly maxMs?: number;
	};
	/** Milliseconds for TCP, TLS and the handshake together. Default 500. */
	readonly connectMs?: number;
	/** Connections that one caller borrows at a time, for transactions and long scans. The calls of a cache need none. */
	readonly checkouts?: {
		/** Connections that are kept open. Default 0. */
		readonly min?: number;
		/** Connections that may be open. Default 8, at most 1024. */
		readonly max?: number;
		/** Milliseconds until an idle connection is closed. Default 30,000. */
		readonly idleMs?: number;
		/** Milliseconds after which a connection is not lent again. Default 30 minutes. */
		readonly maxLifetimeMs?: number;
		/** Callers that may wait; more are refused with an `OverloadError`. Default 256. */
		readonly maxWaiters?: number;
		/** Milliseconds until a waiting caller gets an `AcquireTimeoutError`. Default 1000. */
		readonly acquireMs?: number;
	};
	/** Options of `node:tls`, for `rediss://`: your own certificate authority, a client certificate. */
	readonly tls?: import('node:tls').ConnectionOptions;
	/**
	 * Addresses to connect to in place of those that a cluster or Sentinel announces: `{'172.18.0.2:6379': {host: 'localhost',
	 * port: 7000}}`, or a function from one to the other.
	 */
	readonly natMap?: NatMap;
	/** Resolves host names instead of the system's resolver. Called at each connect; not used behind Sentinel. */
	readonly dnsLookup?: DnsLookup;
	/** Shown in `CLIENT LIST`; printable ASCII without spaces. Default `redis-cache-tui`. */
	readonly clientName?: string;
	/** Returns the credentials to use instead of those in the URL. Called at each connect and before they expire. */
	readonly credentials?: () => PromiseLike<Credentials> | Credentials;
};
