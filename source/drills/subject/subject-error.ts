import {RedisCacheError} from '../../pool/errors.js';

/** A subject cannot be tested: it cannot be loaded or opened, or it is not what a drill can call. */
export class SubjectError extends RedisCacheError {
	override readonly name = 'SubjectError';

	/** @param subject Its name in the message: `./cache.mjs`. */
	constructor(subject: string, message: string, options?: {readonly cause?: unknown}) {
		super('ERR_SUBJECT', `subject ${subject}: ${message}`, options);
	}
}
