import type {Credentials, DnsLookup, Endpoint, NatMap} from '../../pool/pool-options.js';
import type {Duration} from './duration.js';

/** Connections to Redis: how many, and their time limits. */
export type ConnectionOptions = {
	/** Number of connections that all calls share. Each costs system calls, here and on the server. Default 2, 1 to 64. */
	readonly lanes?: number | undefined;
	/**
	 * Maximum number of commands in flight on each lane. Further calls are answered without Redis. Reads and writes have half
	 * of it each. Default 1024, 2 to 1,000,000.
	 */
	readonly capacity?: number | undefined;
	/**
	 * Number of deadlines missed in a row on one lane after which its socket is destroyed and reopened. Since commands in
	 * flight fail together, this does not happen before another deadline has passed after the first miss. Default 3, 1 to
	 * 1,000,000.
	 *
	 * Not to be confused with `breaker.consecutive`, which counts failed calls of the whole cache and takes Redis out of use.
	 */
	readonly missedDeadlines?: number | undefined;
	/** Time limit for opening a connection: TCP, TLS and handshake together. Default `'500ms'`, 1 ms to a day. */
	readonly connectTimeout?: Duration | undefined;
	/** Pause between attempts to connect; it doubles from `min` to `max`, with jitter. */
	readonly reconnect?:
		| {
				/** Shortest pause. Default `'50ms'`, 1 ms to a day. */
				readonly min?: Duration | undefined;
				/** Longest pause. Default `'400ms'`, from `min` to a day. */
				readonly max?: Duration | undefined;
		  }
		| undefined;
	/** Connections that `withConnection` lends to one caller at a time. */
	readonly checkouts?:
		| {
				/** Number of connections that are kept open. Default 0. */
				readonly min?: number | undefined;
				/** Maximum number of connections. Default 8, up to 1024. */
				readonly max?: number | undefined;
				/** Time for which an idle connection is kept open. Default `'30s'`, 1 ms to a day. */
				readonly idleTimeout?: Duration | undefined;
				/** Age after which a connection is not lent again. Default `'30m'`, 1 ms to 30 days. */
				readonly maxLifetime?: Duration | undefined;
				/**
				 * Maximum number of waiting callers. Further ones are rejected with an `OverloadError`. Default 256, 0 to
				 * 1,000,000.
				 */
				readonly maxWaiters?: number | undefined;
				/** Longest wait of a caller for a connection. Default `'1s'`, 1 ms to a day. */
				readonly acquireTimeout?: Duration | undefined;
		  }
		| undefined;
	/** Options of `node:tls` for `rediss://` connections, such as `ca` or a client certificate. Default: none. */
	readonly tls?: import('node:tls').ConnectionOptions | undefined;
	/**
	 * Replaces addresses that a cluster or Sentinel announces by others to connect to: `{'172.18.0.2:6379': {host: 'localhost',
	 * port: 7000}}`, or a function that maps one to the other.
	 */
	readonly natMap?: NatMap | undefined;
	/** Resolves host names, instead of the system's resolver. Called at each connect; not used behind Sentinel. */
	readonly dnsLookup?: DnsLookup | undefined;
	/** Name in `CLIENT LIST`: printable ASCII without spaces. Default `redis-cache-tui`. */
	readonly clientName?: string | undefined;
	/**
	 * Returns the credentials for connections, instead of the user and password of the URL: for tokens (IAM, Entra) and rotated
	 * passwords. Called at each connect, and, if the credentials expire, again when a fifth of their lifetime is left, but not
	 * more than five minutes before the end. Open connections then log in again without losing calls. If it fails, an `error`
	 * event is emitted, and it is called again.
	 *
	 * @example
	 * const credentials = async () => {
	 *   const {token, expiresOnTimestamp} = await entra.getToken('https://redis.azure.com/.default');
	 *   return {username: objectId, password: token, expiresAt: expiresOnTimestamp};
	 * };
	 */
	readonly credentials?: (() => PromiseLike<Credentials> | Credentials) | undefined;
};

/** Options of `withConnection`. */
export type BorrowOptions = {
	/** Purpose, shown while the caller waits: `'transaction'`. Default: `'unnamed'`. */
	readonly purpose?: string | undefined;
	/** Longest wait for a connection. Default: `pool.checkouts.acquireTimeout`. */
	readonly timeout?: Duration | undefined;
	/** When aborted, the wait ends, and the call rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
};

/** Options of a command on a borrowed connection. */
export type SendOptions = {
	/** Longest wait for the reply. For a blocking command it must be longer than the command blocks. Default: the cache's. */
	readonly deadline?: Duration | undefined;
};

/** A connection for exclusive use until `withConnection` settles; unusable after that. */
export type BorrowedConnection = {
	/**
	 * Sends a command. Commands are executed in the order they are sent.
	 *
	 * @param command Name of the command: `'GET'`.
	 * @param args Arguments. Keys are Redis keys: without the cache's prefix and namespace unless you write them.
	 * @returns The reply, in the shape of RESP2; strings are Buffers. EXEC: a list, with a `ServerError` for each command
	 * that failed.
	 * @throws {DeadlineError | ConnectionLostError} no reply; the command may or may not have been executed.
	 * @throws {ServerError} Redis replied with an error.
	 * @throws {ClosedError} `withConnection` has settled.
	 */
	send(command: string, args?: readonly (string | Buffer | number)[], options?: SendOptions): Promise<unknown>;
};

export type {Credentials, DnsLookup, Endpoint, NatMap};
