import {RedisCacheError} from '../pool/errors.js';

/** Why the engine could not start or go on. `message` is one line that says what to do. */
export class EngineError extends RedisCacheError {
	override readonly name = 'EngineError';

	constructor(
		code: string,
		message: string,
		/** What the program ends with. */
		readonly exitCode: number,
	) {
		super(code, message);
	}
}
