import {RedisCacheError} from '../../pool/errors.js';

/** A probe is written wrong, or does not answer as it should before the drill. */
export class ProbeError extends RedisCacheError {
	override readonly name = 'ProbeError';

	/** @param code `ERR_PROBE_UNREACHABLE`: nothing answers. */
	constructor(message: string, code: 'ERR_PROBE' | 'ERR_PROBE_UNREACHABLE' = 'ERR_PROBE') {
		super(code, message);
	}
}
