import {NotConnectedError, OverloadError, ServerError} from '../../pool/errors.js';
import type {SendOptions} from '../../pool/types.js';
import type {ScriptBatch} from './script-batch.js';

const askOnly: SendOptions = {redirects: 'ask'};
const none: SendOptions = {redirects: 'none'};

/**
 * A deadline is in the time of one node, so the lane must not redirect the script: it is sent to another node with a new
 * deadline.
 */
export function redirectsOf({isMigrating}: ScriptBatch): SendOptions {
	return isMigrating ? askOnly : none;
}

/** True for MOVED and ASK: another node of the cluster has the key, or will have it. */
export function isRedirection({prefix}: ServerError): boolean {
	return prefix === 'MOVED' || prefix === 'ASK';
}

/** True if the script was certainly not executed. */
export function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
