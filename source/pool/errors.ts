/** Base of every error this package throws. `code` is stable; `message` is one line that says what to do; `cause` is kept. */
export class RedisCacheError extends Error {
	override readonly name: string = 'RedisCacheError';

	constructor(
		readonly code: string,
		message: string,
		options?: {readonly cause?: unknown},
	) {
		super(message, options);
	}
}

/** A command was not answered within its deadline. It may or may not have been carried out. */
export class DeadlineError extends RedisCacheError {
	override readonly name = 'DeadlineError';

	constructor(
		readonly command: string,
		readonly deadlineMs: number,
	) {
		super('ERR_DEADLINE', `${command} was not answered within ${deadlineMs} ms`);
	}
}

/** The connection was lost while the command was in flight. It may or may not have been carried out. */
export class ConnectionLostError extends RedisCacheError {
	override readonly name = 'ConnectionLostError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_CONNECTION_LOST', message, options);
	}
}

/** There is no usable connection now. The command was not sent. */
export class NotConnectedError extends RedisCacheError {
	override readonly name = 'NotConnectedError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_NOT_CONNECTED', message, options);
	}
}

/** A local queue is full. The command was not sent, and it says nothing about the health of Redis. */
export class OverloadError extends RedisCacheError {
	override readonly name = 'OverloadError';

	constructor(message: string) {
		super('ERR_OVERLOAD', message);
	}
}

/** No checkout became free within the acquire time-out. */
export class AcquireTimeoutError extends RedisCacheError {
	override readonly name = 'AcquireTimeoutError';

	constructor(message: string) {
		super('ERR_ACQUIRE_TIMEOUT', message);
	}
}

/** The pool or the cache was closed. */
export class ClosedError extends RedisCacheError {
	override readonly name = 'ClosedError';

	constructor(what: string) {
		super('ERR_CLOSED', `${what} is closed`);
	}
}

/** An option or argument that cannot be used. */
export class InvalidArgumentError extends RedisCacheError {
	override readonly name = 'InvalidArgumentError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_INVALID_ARGUMENT', message, options);
	}
}

/**
 * Redis answered with an error.
 *
 * - `unavailable`: it cannot serve now (`LOADING`, `CLUSTERDOWN`, `MASTERDOWN`, `READONLY`, `BUSY`, `TRYAGAIN`): the breaker's business.
 * - `full`: `OOM`; writes fail, reads work.
 * - `denied`: wrong or missing credentials or rights (`NOAUTH`, `WRONGPASS`, `NOPERM`).
 * - `bug`: everything else (`WRONGTYPE`, a bad script): the program's fault, not the server's.
 */
export type ServerErrorKind = 'unavailable' | 'full' | 'denied' | 'bug';

export class ServerError extends RedisCacheError {
	override readonly name = 'ServerError';

	constructor(
		readonly kind: ServerErrorKind,
		/** The first word of the reply: `READONLY`. */
		readonly prefix: string,
		message: string,
		options?: {readonly cause?: unknown},
	) {
		super(`ERR_SERVER_${prefix.replaceAll(/\W/g, '_')}`, message, options);
	}
}
