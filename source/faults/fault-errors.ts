import {RedisCacheError} from '../pool/errors.js';

/** The words for a fault cannot be parsed, or a parameter is out of its range. */
export class FaultSyntaxError extends RedisCacheError {
	override readonly name = 'FaultSyntaxError';

	constructor(message: string) {
		super('ERR_FAULT_SYNTAX', message);
	}
}

/** A fault cannot be applied here: a server fault on a server that this program did not start, or one that failed. */
export class FaultRefusedError extends RedisCacheError {
	override readonly name = 'FaultRefusedError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_FAULT_REFUSED', message, options);
	}
}
