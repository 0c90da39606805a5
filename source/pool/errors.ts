/**
 * Base of every error that this package throws. The message is one line that says what to do, and never contains a
 * credential. The underlying error is the `cause`.
 *
 * @example
 * try {
 *   await cache.set('user:1', user, {strict: true});
 * } catch (error) {
 *   if (error instanceof RedisCacheError && error.code === 'ERR_UNAVAILABLE') response.statusCode = 503;
 *   else throw error;
 * }
 */
export class RedisCacheError extends Error {
	/** Name of the class. */
	override readonly name: string = 'RedisCacheError';

	/** @internal */
	constructor(
		/** Stable across versions, such as `ERR_DEADLINE`. Each class documents its own. */
		readonly code: string,
		message: string,
		options?: {readonly cause?: unknown},
	) {
		super(message, options);
	}
}

/**
 * Bytes that have to arrive within a deadline, in a reply that is not complete, for Redis to count as alive. Fewer are a
 * trickle, in which no call would ever be answered in time.
 */
const lifeBytes = 65_536;

/** A command was not answered within its deadline. Redis may or may not have carried it out. Code `ERR_DEADLINE`. */
export class DeadlineError extends RedisCacheError {
	override readonly name = 'DeadlineError';

	/** @internal */
	constructor(
		/** The Redis command: `MGET`, `EVALSHA`. */
		readonly command: string,
		/** Milliseconds. */
		readonly deadlineMs: number,
		/** Milliseconds in which this process was blocked or suspended meanwhile; they do not count. */
		blockedMs = 0,
		/** Bytes that arrived on its connection meanwhile. */
		readonly receivedBytes = 0,
	) {
		const uncounted = blockedMs > 0 ? `, not counting ${blockedMs} ms in which this process was blocked` : '';
		const received =
			receivedBytes >= lifeBytes
				? `, in which ${(receivedBytes / 1e6).toFixed(1)} MB arrived: read less at once, or raise the deadline`
				: '';
		super('ERR_DEADLINE', `${command} was not answered within ${Math.round(deadlineMs)} ms${uncounted}${received}`);
	}

	/** True if answers were arriving all the time: Redis is alive, and more was asked for than fits into the deadline. */
	get isTransfer(): boolean {
		return this.receivedBytes >= lifeBytes;
	}
}

/**
 * The connection was lost while the command was in flight. Redis may or may not have carried it out. Code
 * `ERR_CONNECTION_LOST`.
 */
export class ConnectionLostError extends RedisCacheError {
	override readonly name = 'ConnectionLostError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_CONNECTION_LOST', message, options);
	}
}

/** There is no usable connection. The command was not sent. Code `ERR_NOT_CONNECTED`. */
export class NotConnectedError extends RedisCacheError {
	override readonly name = 'NotConnectedError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_NOT_CONNECTED', message, options);
	}
}

/**
 * A local queue is full. The command was not sent; this says nothing about the health of Redis. Code `ERR_OVERLOAD`.
 */
export class OverloadError extends RedisCacheError {
	override readonly name = 'OverloadError';

	/** @internal */
	constructor(message: string) {
		super('ERR_OVERLOAD', message);
	}
}

/** No exclusive connection became free within the acquire time-out. Code `ERR_ACQUIRE_TIMEOUT`. */
export class AcquireTimeoutError extends RedisCacheError {
	override readonly name = 'AcquireTimeoutError';

	/** @internal */
	constructor(message: string) {
		super('ERR_ACQUIRE_TIMEOUT', message);
	}
}

/** The pool or the cache was closed. Code `ERR_CLOSED`. */
export class ClosedError extends RedisCacheError {
	override readonly name = 'ClosedError';

	/** @internal */
	constructor(what: string) {
		super('ERR_CLOSED', `${what} is closed`);
	}
}

/**
 * The URL leads to a set-up of another kind than it says: to a node of a cluster, or to a sentinel. The message has the URL
 * to use. Code `ERR_TOPOLOGY`.
 */
export class TopologyError extends RedisCacheError {
	override readonly name = 'TopologyError';

	/** @internal */
	constructor(message: string) {
		super('ERR_TOPOLOGY', message);
	}
}

/** An option or argument cannot be used. The message names it. Code `ERR_INVALID_ARGUMENT`. */
export class InvalidArgumentError extends RedisCacheError {
	override readonly name = 'InvalidArgumentError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_INVALID_ARGUMENT', message, options);
	}
}

/**
 * An optional package is not installed. The message names it, and the feature that needs it. The error from loading it
 * is the `cause`. Code `ERR_MISSING_PACKAGE`.
 */
export class MissingPackageError extends RedisCacheError {
	override readonly name = 'MissingPackageError';

	/** @internal */
	constructor(
		/** Its name on npm: `msgpackr`. */
		readonly packageName: string,
		/** The feature that needs it, for the message. */
		feature: string,
		options?: {readonly cause?: unknown},
	) {
		super(
			'ERR_MISSING_PACKAGE',
			`${feature} needs the package ${packageName}, which cannot be loaded: npm install ${packageName}`,
			options,
		);
	}
}

/**
 * The function `pool.credentials` has failed, or Redis has refused what it returned on an open connection. Only in `error`
 * events and as a `cause`. Code `ERR_CREDENTIALS`.
 */
export class CredentialsError extends RedisCacheError {
	override readonly name = 'CredentialsError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_CREDENTIALS', message, options);
	}
}

/**
 * The meaning of an error reply of Redis.
 *
 * - `unavailable`: Redis cannot serve now (`LOADING`, `CLUSTERDOWN`, `MASTERDOWN`, `READONLY`, `BUSY`, `TRYAGAIN`).
 *   Only these count for the circuit breaker.
 * - `full`: its memory (`OOM`) or its disk (`MISCONF`). Writes fail, reads work.
 * - `denied`: wrong or missing credentials or rights (`NOAUTH`, `WRONGPASS`, `NOPERM`).
 * - `bug`: everything else (`WRONGTYPE`, a faulty script): an error of the program, not of the server.
 */
export type ServerErrorKind = 'unavailable' | 'full' | 'denied' | 'bug';

/** Redis replied with an error. Code `ERR_SERVER_` and the first word of the reply: `ERR_SERVER_READONLY`. */
export class ServerError extends RedisCacheError {
	override readonly name = 'ServerError';

	/** @internal */
	constructor(
		/** The meaning of the error. */
		readonly kind: ServerErrorKind,
		/** The first word of the reply: `READONLY`. */
		readonly prefix: string,
		message: string,
		options?: {readonly cause?: unknown},
	) {
		super(`ERR_SERVER_${prefix.replaceAll(/\W/g, '_')}`, message, options);
	}
}
