import {RedisCacheError} from '../../pool/errors.js';

/**
 * A key, tag or namespace that cannot be used: not a string, empty, longer than 512 bytes, or with a control character.
 * Code `ERR_INVALID_KEY`.
 */
export class InvalidKeyError extends RedisCacheError {
	override readonly name = 'InvalidKeyError';

	/** @internal */
	constructor(message: string) {
		super('ERR_INVALID_KEY', message);
	}
}

/**
 * A value that cannot be stored: `undefined`, a function, a cycle, a BigInt in JSON, or a value over the size limit. Its
 * `cause` is the error of the codec. Code `ERR_INVALID_VALUE`.
 */
export class InvalidValueError extends RedisCacheError {
	override readonly name = 'InvalidValueError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_INVALID_VALUE', message, options);
	}
}

/** A duration that is negative, not a number, or of an unknown unit. Code `ERR_INVALID_DURATION`. */
export class InvalidDurationError extends RedisCacheError {
	override readonly name = 'InvalidDurationError';

	/** @internal */
	constructor(message: string) {
		super('ERR_INVALID_DURATION', message);
	}
}

/** A `strict` call needs Redis, and Redis is not in use. Nothing was changed. Code `ERR_UNAVAILABLE`. */
export class UnavailableError extends RedisCacheError {
	override readonly name = 'UnavailableError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_UNAVAILABLE', message, options);
	}
}

/** A loader did not return within its hard timeout, and there was no stale value to serve. Code `ERR_LOADER_TIMEOUT`. */
export class LoaderTimeoutError extends RedisCacheError {
	override readonly name = 'LoaderTimeoutError';

	/** @internal */
	constructor(
		/** The key as the caller gave it. */
		readonly key: string,
		/** The hard timeout in milliseconds. */
		readonly timeoutMs: number,
	) {
		super('ERR_LOADER_TIMEOUT', `the loader of ${JSON.stringify(key)} did not return within ${timeoutMs} ms`);
	}
}

/**
 * The limits `loader.concurrency` and `loader.queue` of this process are reached, and there was no stale value to
 * serve. The loader was not called. Code `ERR_LOAD_QUEUE_FULL`.
 */
export class LoadQueueFullError extends RedisCacheError {
	override readonly name = 'LoadQueueFullError';

	/** @internal */
	constructor(
		/** The key as the caller gave it; one of them if there are several. */
		readonly key: string,
		running: number,
		waiting: number,
	) {
		super(
			'ERR_LOAD_QUEUE_FULL',
			`${JSON.stringify(key)} was not loaded: ${running} loaders run and ${waiting} loads wait already; try again, or raise loader.concurrency or loader.queue`,
		);
	}
}

/**
 * The bytes under a key are not an entry of this library, or the codec cannot decode them: the read is a miss. Only in
 * `error` events. Code `ERR_CORRUPT_ENTRY`.
 */
export class CorruptEntryError extends RedisCacheError {
	override readonly name = 'CorruptEntryError';

	/** @internal */
	constructor(
		/** The key as the caller gave it. */
		readonly key: string,
		why: string,
		options?: {readonly cause?: unknown},
	) {
		super('ERR_CORRUPT_ENTRY', `${JSON.stringify(key)} cannot be read: ${why}; counted as a miss`, options);
	}
}
