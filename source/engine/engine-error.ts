import {RedisCacheError} from '../pool/errors.js';

/** The engine cannot start, or cannot continue. The message is one line that says what to do. */
export class EngineError extends RedisCacheError {
	override readonly name = 'EngineError';

	constructor(
		code: string,
		message: string,
		/** Exit code of the program. */
		readonly exitCode: number,
	) {
		super(code, message);
	}
}
