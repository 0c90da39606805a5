import {RedisCacheError} from '../pool/errors.js';

/** A key, tag or namespace that cannot be used. */
export class InvalidKeyError extends RedisCacheError {
	override readonly name = 'InvalidKeyError';

	constructor(message: string) {
		super('ERR_INVALID_KEY', message);
	}
}

/** A value that cannot be stored: `undefined`, a function, a cycle, a BigInt in JSON, or one over the size limit. */
export class InvalidValueError extends RedisCacheError {
	override readonly name = 'InvalidValueError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_INVALID_VALUE', message, options);
	}
}

/** A duration that cannot be used. */
export class InvalidDurationError extends RedisCacheError {
	override readonly name = 'InvalidDurationError';

	constructor(message: string) {
		super('ERR_INVALID_DURATION', message);
	}
}

/** With `strict`: the call needs Redis, and the cache is not connected. Nothing was changed. */
export class UnavailableError extends RedisCacheError {
	override readonly name = 'UnavailableError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_UNAVAILABLE', message, options);
	}
}

/** A loader did not return within its hard time-out, and there was no stale value to serve. */
export class LoaderTimeoutError extends RedisCacheError {
	override readonly name = 'LoaderTimeoutError';

	constructor(
		readonly key: string,
		readonly timeoutMs: number,
	) {
		super('ERR_LOADER_TIMEOUT', `the loader of ${JSON.stringify(key)} did not return within ${timeoutMs} ms`);
	}
}
