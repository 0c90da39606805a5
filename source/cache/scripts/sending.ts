import {NotConnectedError, OverloadError, ServerError} from '../../pool/errors.js';
import type {SendOptions} from '../../pool/types.js';
import type {ScriptBatch} from './script-batch.js';

const askOnly: SendOptions = {redirects: 'ask'};
const none: SendOptions = {redirects: 'none'};

/** A deadline holds on the node for which it was made, so a script is sent to another one with another deadline. */
export function redirectsOf({isMigrating}: ScriptBatch): SendOptions {
	return isMigrating ? askOnly : none;
}

/** True if another node of the cluster has the key, or will have it. */
export function isRedirection({prefix}: ServerError): boolean {
	return prefix === 'MOVED' || prefix === 'ASK';
}

/** True if the script was certainly not executed. */
export function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
