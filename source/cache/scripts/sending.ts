import {NotConnectedError, OverloadError, ServerError} from '../../pool/errors.js';
import type {Lane, SendOptions} from '../../pool/types.js';
import type {ScriptBatch, ScriptCall, ScriptOutcome} from './script-call.js';

/** Batches on their way. */
export type SendingAll = SendingParts & {readonly batches: readonly [ScriptBatch, ...ScriptBatch[]]};

/** One batch on its way. */
export type Sending = SendingParts & {readonly batch: ScriptBatch};

export type SendingParts = {
	readonly lane: Lane;
	/** True if its keys are on their way to another node of the cluster, which may execute it. */
	readonly isMigrating?: boolean;
	/** Called once for each call of the batch, with an outcome that is final. */
	readonly onOutcome: (call: ScriptCall, outcome: ScriptOutcome) => void;
	/**
	 * Called before that if Redis has answered, or missed the deadline.
	 *
	 * @param calls Number of calls.
	 * @param firstSentAt Loop time at which they were first sent.
	 */
	readonly onRoundTrip: (calls: number, firstSentAt: number, isAnswered: boolean) => void;
	/** Called after outcomes were reported. @param isAnswered True if Redis has answered. */
	readonly onReported: (isAnswered: boolean) => void;
};

/** A deadline holds on the node for which it was made, so a script is sent to another one with another deadline. */
export function redirectsOf({isMigrating}: SendingParts): Pick<SendOptions, 'redirects'> {
	return {redirects: isMigrating === true ? 'ask' : 'none'};
}

/** True if another node of the cluster has the key, or will have it. */
export function isRedirection({prefix}: ServerError): boolean {
	return prefix === 'MOVED' || prefix === 'ASK';
}

/** True if the script was certainly not executed. */
export function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
