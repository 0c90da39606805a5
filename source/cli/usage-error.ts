import {RedisCacheError} from '../pool/errors.js';

/** The program was called in a way it cannot make sense of. */
export class UsageError extends RedisCacheError {
	override readonly name = 'UsageError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_USAGE', message, options);
	}
}
