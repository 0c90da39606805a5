import {RedisCacheError} from '../../pool/errors.js';

/** A probe is invalid, or is not answered as expected before the drill. */
export class ProbeError extends RedisCacheError {
	override readonly name = 'ProbeError';

	/** @param code `ERR_PROBE_UNREACHABLE` if nothing answers. */
	constructor(message: string, code: 'ERR_PROBE' | 'ERR_PROBE_UNREACHABLE' = 'ERR_PROBE') {
		super(code, message);
	}
}
