import type {Credentials, DnsLookup, Endpoint, NatMap} from '../../pool/pool-options.js';
import type {Duration} from './duration.js';

/** Connections to Redis: how many, and their time limits. */
export type ConnectionOptions = {
	/** Connections that all calls share. Default 2, 1 to 64. Each costs system calls, here and on the server. */
	readonly lanes?: number | undefined;
	/**
	 * Commands in flight on each lane; beyond it calls are answered without Redis. Default 1024, 2 to 1,000,000. Reads and writes
	 * have half of it each.
	 */
	readonly capacity?: number | undefined;
	/**
	 * Deadlines missed in a row on one lane before its socket is destroyed and reopened. Commands that are in flight together
	 * fail together; they never do it within one deadline after the first. Default 3, 1 to 1,000,000.
	 *
	 * Not to be confused with `breaker.consecutive`, which counts failed calls of the whole cache and takes Redis out of use.
	 */
	readonly missedDeadlines?: number | undefined;
	/** For TCP, TLS and handshake together. Default `'500ms'`, 1 ms to a day. */
	readonly connectTimeout?: Duration | undefined;
	/** Pause between attempts to connect; it doubles from `min` to `max`, with jitter. */
	readonly reconnect?:
		| {
				/** Default `'50ms'`, 1 ms to a day. */
				readonly min?: Duration | undefined;
				/** Default `'400ms'`, from `min` to a day. */
				readonly max?: Duration | undefined;
		  }
		| undefined;
	/** Connections that `withConnection` lends to one caller at a time. */
	readonly checkouts?:
		| {
				/** Connections kept open. Default 0. */
				readonly min?: number | undefined;
				/** Connections at most. Default 8, at most 1024. */
				readonly max?: number | undefined;
				/** Time that an idle connection is kept. Default `'30s'`, 1 ms to a day. */
				readonly idleTimeout?: Duration | undefined;
				/** Age after which a connection is not lent again. Default `'30m'`, 1 ms to 30 days. */
				readonly maxLifetime?: Duration | undefined;
				/** Callers waiting in line before others are rejected with `OverloadError`. Default 256, 0 to 1,000,000. */
				readonly maxWaiters?: number | undefined;
				/** Longest wait of a caller for a connection. Default `'1s'`, 1 ms to a day. */
				readonly acquireTimeout?: Duration | undefined;
		  }
		| undefined;
	/** Options for `node:tls`, with `rediss://`: a certificate authority of your own, a client certificate. */
	readonly tls?: import('node:tls').ConnectionOptions | undefined;
	/**
	 * Addresses to connect to in place of those that a cluster or Sentinel announces: `{'172.18.0.2:6379': {host: 'localhost',
	 * port: 7000}}`, or a function from one to the other.
	 */
	readonly natMap?: NatMap | undefined;
	/** Resolves host names, instead of the system's resolver. Called at each connect; not used behind Sentinel. */
	readonly dnsLookup?: DnsLookup | undefined;
	/** Shown in `CLIENT LIST`; printable ASCII without spaces. Default `redis-cache-tui`. */
	readonly clientName?: string | undefined;
	/**
	 * Returns the credentials for connections, instead of the user and password of the URL: for tokens (IAM, Entra) and
	 * passwords that are rotated. Called at each connect, and, if they have an expiry, again when a fifth of their
	 * lifetime is left, at most five minutes before the end. Open connections then log in again, without losing a call.
	 * If it fails, there is an `error` event, and it is called again.
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
	/** Ends the wait with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
};

/** Options of a command on a borrowed connection. */
export type SendOptions = {
	/** Longest wait for the reply. A blocking command needs more than the time it blocks. Default: the cache's. */
	readonly deadline?: Duration | undefined;
};

/** A connection for exclusive use until `withConnection` is done; unusable afterwards. */
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
	 * @throws {ClosedError} `withConnection` is done.
	 */
	send(command: string, args?: readonly (string | Buffer | number)[], options?: SendOptions): Promise<unknown>;
};

export type {Credentials, DnsLookup, Endpoint, NatMap};
