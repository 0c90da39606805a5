import {RedisCacheError} from '../../pool/errors.js';

/** A key, tag or namespace that cannot be used: not a string, empty, over 512 bytes, or with a control character. Code `ERR_INVALID_KEY`. */
export class InvalidKeyError extends RedisCacheError {
	override readonly name = 'InvalidKeyError';

	/** @internal */
	constructor(message: string) {
		super('ERR_INVALID_KEY', message);
	}
}

/** A value that cannot be stored: `undefined`, a function, a cycle, a BigInt in JSON, or one over the size limit. What the codec threw is its
 * `cause`. Code `ERR_INVALID_VALUE`. */
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

/** With `strict`: the call needs Redis, and the cache is not connected. Nothing was changed. Code `ERR_UNAVAILABLE`. */
export class UnavailableError extends RedisCacheError {
	override readonly name = 'UnavailableError';

	/** @internal */
	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_UNAVAILABLE', message, options);
	}
}

/** A loader did not return within its hard time-out, and there was no stale value to serve. Code `ERR_LOADER_TIMEOUT`. */
export class LoaderTimeoutError extends RedisCacheError {
	override readonly name = 'LoaderTimeoutError';

	/** @internal */
	constructor(
		/** Of the call. */
		readonly key: string,
		/** Milliseconds. */
		readonly timeoutMs: number,
	) {
		super('ERR_LOADER_TIMEOUT', `the loader of ${JSON.stringify(key)} did not return within ${timeoutMs} ms`);
	}
}

/** The bytes under a key are no entry of ours, or its codec cannot read them: a miss. Told in `error` events only. Code `ERR_CORRUPT_ENTRY`. */
export class CorruptEntryError extends RedisCacheError {
	override readonly name = 'CorruptEntryError';

	/** @internal */
	constructor(
		/** Of the call. */
		readonly key: string,
		why: string,
		options?: {readonly cause?: unknown},
	) {
		super('ERR_CORRUPT_ENTRY', `${JSON.stringify(key)} cannot be read: ${why}; counted as a miss`, options);
	}
}
