import {RedisCacheError} from '../../../pool/errors.js';

/**
 * A node of a cluster does not answer. Code `ERR_NOT_CONNECTED` if the command was not sent; otherwise `ERR_CONNECTION_LOST`:
 * the node may have executed it.
 */
export class NodeSilentError extends RedisCacheError {
	override readonly name = 'NodeSilentError';

	constructor(
		/** Address of the node: `10.0.0.7:6379`. */
		readonly address: string,
		/** The reason in words: `connection refused`. */
		readonly reason: string,
		readonly wasSent: boolean,
		options: {readonly cause: unknown},
	) {
		const text = `the node ${address} of the cluster does not answer: ${reason}`;
		super(wasSent ? 'ERR_CONNECTION_LOST' : 'ERR_NOT_CONNECTED', text, options);
	}
}
