import {RedisCacheError} from '../pool/errors.js';

/** A fault was written in a way that cannot be understood, or with a parameter out of its range. */
export class FaultSyntaxError extends RedisCacheError {
	override readonly name = 'FaultSyntaxError';

	constructor(message: string) {
		super('ERR_FAULT_SYNTAX', message);
	}
}

/** A fault cannot be done here: a server fault on a server that is not ours, or one that failed. */
export class FaultRefusedError extends RedisCacheError {
	override readonly name = 'FaultRefusedError';

	constructor(message: string, options?: {readonly cause?: unknown}) {
		super('ERR_FAULT_REFUSED', message, options);
	}
}
