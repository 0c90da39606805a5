import {RedisCacheError} from '../../pool/errors.js';
import {EngineError} from '../engine-error.js';
import {oneLine} from '../one-line.js';

/**
 * Throws why a private Redis has not started. A machine without a server has none the next time either, unlike one that was
 * too slow.
 *
 * @throws {EngineError} With the code `ERR_NO_SERVER_BINARY` or `ERR_PRIVATE_REDIS_START`.
 */
export function throwStartError(error: unknown): never {
	const isMissing = error instanceof RedisCacheError && error.code === 'ERR_NO_SERVER_BINARY';
	throw new EngineError(isMissing ? error.code : 'ERR_PRIVATE_REDIS_START', oneLine(error), 3);
}
