import {RedisCacheError} from '../../pool/errors.js';

/** The program was called with wrong arguments or settings. */
export class UsageError extends RedisCacheError {
	override readonly name = 'UsageError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_USAGE', message, options);
	}
}
