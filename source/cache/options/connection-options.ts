import {InvalidArgumentError} from '../../pool/errors.js';
import type {PoolOptions} from '../../pool/types.js';
import type {CacheOptions, Duration} from '../api/types.js';
import {milliseconds} from './duration.js';
import {checkNames, optionNames} from './option-names.js';

/** Connections to Redis: how many, and how patient. */
export type ConnectionOptions = {
	/** Connections that all calls share. Default 2, 1 to 64: each takes system calls of its own, here and on the server. */
	readonly lanes?: number | undefined;
	/** Commands in flight for each lane before calls are answered without Redis. Default 1024, 1 to 1,000,000. */
	readonly capacity?: number | undefined;
	/** Deadlines missed in a row before a lane's socket is destroyed and reopened. Default 3, 1 to 1,000,000. */
	readonly missedDeadlines?: number | undefined;
	/** For TCP, TLS and handshake together. Default `'500ms'`, 1 ms to a day. */
	readonly connectTimeout?: Duration | undefined;
	/** Pause between attempts to connect; it doubles from the least to the most, with jitter. */
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
				/** How many are kept open. Default 0. */
				readonly min?: number | undefined;
				/** How many there may be. Default 8, at most 1024. */
				readonly max?: number | undefined;
				/** How long an idle one is kept. Default `'30s'`, 1 ms to a day. */
				readonly idleTimeout?: Duration | undefined;
				/** Age past which one is not lent again. Default `'30m'`, 1 ms to 30 days. */
				readonly maxLifetime?: Duration | undefined;
				/** Callers in line before others are refused with `OverloadError`. Default 256, 0 to 1,000,000. */
				readonly maxWaiters?: number | undefined;
				/** How long a caller waits for one. Default `'1s'`, 1 ms to a day. */
				readonly acquireTimeout?: Duration | undefined;
		  }
		| undefined;
	/** Options for `node:tls`, with `rediss://`: a certificate authority of your own, a client certificate. */
	readonly tls?: import('node:tls').ConnectionOptions | undefined;
	/** Shown in `CLIENT LIST`; printable ASCII without spaces. Default `redis-cache-tui`. */
	readonly clientName?: string | undefined;
};

/** Options of `withConnection`. */
export type BorrowOptions = {
	/** What it is for, shown among those who wait: `'transaction'`. Default: `'unnamed'`. */
	readonly purpose?: string | undefined;
	/** How long to wait for a connection. Default: `pool.checkouts.acquireTimeout`. */
	readonly timeout?: Duration | undefined;
	/** Ends the wait with its reason. */
	readonly signal?: AbortSignal | undefined;
};

/** Options of a command on a connection of one's own. */
export type SendOptions = {
	/** How long the answer may take. A blocking command needs more than it blocks. Default: the cache's. */
	readonly deadline?: Duration | undefined;
};

/** A connection that nobody else uses until `withConnection` is done; of no use afterwards. */
export type BorrowedConnection = {
	/**
	 * Sends a command. Commands are carried out in the order they are sent.
	 *
	 * @param command Its name: `'GET'`.
	 * @param args Its arguments. Keys are those of Redis: without prefix or namespace.
	 * @returns The reply, in the shape of RESP2; strings are Buffers. Of EXEC: a list, with a `ServerError` for each command that failed.
	 * @throws {DeadlineError | ConnectionLostError} not answered; it may or may not have been carried out.
	 * @throws {ServerError} Redis answered with an error.
	 * @throws {ClosedError} `withConnection` is done.
	 */
	send(command: string, args?: readonly (string | Buffer | number)[], options?: SendOptions): Promise<unknown>;
};

const dayMs = 86_400_000;
const poolNames = optionNames(
	'lanes',
	'capacity',
	'missedDeadlines',
	'connectTimeout',
	'reconnect',
	'checkouts',
	'tls',
	'clientName',
);
const reconnectNames = optionNames('min', 'max');
const checkoutNames = optionNames('min', 'max', 'idleTimeout', 'maxLifetime', 'maxWaiters', 'acquireTimeout');

/**
 * Milliseconds of an option that has bounds.
 *
 * @throws {InvalidArgumentError | InvalidDurationError} no duration, or out of bounds.
 */
export function boundedMs(given: Duration, name: string, min: number, max: number): number {
	const ms = milliseconds(given, name);
	if (ms >= min && ms <= max) return ms;
	throw new InvalidArgumentError(`${name} must be from ${min} to ${max} ms, not ${ms} ms`);
}

/** Options with a value: the pool has defaults for the others. */
function given<T extends object>(options: T): {[Name in keyof T]?: Exclude<T[Name], undefined>} {
	return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
		[Name in keyof T]?: Exclude<T[Name], undefined>;
	};
}

/** @throws {InvalidArgumentError | InvalidDurationError} an option cannot be used; its name is in the message. */
export function poolOptions(options: CacheOptions, url: string, deadlineMs: number): PoolOptions {
	const {pool = {}} = options;
	checkNames(pool, 'pool', poolNames);
	const {connectTimeout, reconnect = {}, checkouts = {}, lanes, capacity, missedDeadlines, tls, clientName} = pool;
	checkNames(reconnect, 'pool.reconnect', reconnectNames);
	checkNames(checkouts, 'pool.checkouts', checkoutNames);
	const {min, max, maxWaiters} = checkouts;
	const ms = (duration: Duration | undefined, name: string, least = 1, most = dayMs) =>
		duration === undefined ? undefined : boundedMs(duration, `pool.${name}`, least, most);
	const reconnectMinMs = ms(reconnect.min, 'reconnect.min');
	return given({
		url,
		deadlineMs,
		lanes,
		capacity,
		missedDeadlines,
		connectMs: ms(connectTimeout, 'connectTimeout'),
		reconnect: given({
			minMs: reconnectMinMs,
			maxMs: ms(reconnect.max, 'reconnect.max', reconnectMinMs ?? 50),
		}),
		checkouts: given({
			min,
			max,
			idleMs: ms(checkouts.idleTimeout, 'checkouts.idleTimeout'),
			maxLifetimeMs: ms(checkouts.maxLifetime, 'checkouts.maxLifetime', 1, 30 * dayMs),
			maxWaiters,
			acquireMs: ms(checkouts.acquireTimeout, 'checkouts.acquireTimeout'),
		}),
		tls,
		clientName,
	});
}
