import {RedisCacheError} from '../../pool/errors.js';
import {EngineError} from '../engine-error.js';
import {oneLine} from '../one-line.js';

/**
 * Throws the reason why a private Redis has not started. The code distinguishes a missing server binary, which would fail
 * again, from a failed start, which may succeed later.
 *
 * @throws {EngineError} With the code `ERR_NO_SERVER_BINARY` or `ERR_PRIVATE_REDIS_START`.
 */
export function throwStartError(error: unknown): never {
	const isMissing = error instanceof RedisCacheError && error.code === 'ERR_NO_SERVER_BINARY';
	throw new EngineError(isMissing ? error.code : 'ERR_PRIVATE_REDIS_START', oneLine(error), 3);
}
