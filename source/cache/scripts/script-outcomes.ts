import {NotConnectedError, OverloadError, ServerError} from '../../pool/errors.js';
import {localNow} from '../support/server-clock.js';
import type {LaneQueue} from './lane-queue.js';
import type {Outcome} from './script-call.js';

/** What became of a call, as its reply says. */
export function outcomeOf(reply: number | ServerError | undefined, settledAt: number): Outcome {
	if (reply === undefined) return {done: false, certainty: 'unknown', error: meaningless(), settledAt};
	if (typeof reply !== 'number') return {done: false, certainty: 'refused', error: reply, settledAt};
	return reply === 0 ? {done: false, certainty: 'refused', error: undefined, settledAt} : {done: true, reply};
}

function meaningless(): ServerError {
	return new ServerError(
		'bug',
		'REPLY',
		'A script was not answered with a number for each key: check what lies between this program and Redis',
	);
}

/** Redis went out of use while the call waited for its turn. Not an error of its own: the mode has told of it. */
export function unusable(): Outcome {
	return {done: false, certainty: 'refused', error: undefined, settledAt: localNow()};
}

export function overloaded(gate: LaneQueue): Outcome {
	const error = new OverloadError(
		`${gate.size} writes are under way on one lane already: write less at once, or raise lanes`,
	);
	return {done: false, certainty: 'refused', error, settledAt: localNow()};
}

/** Whether the script certainly was not carried out. */
export function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
