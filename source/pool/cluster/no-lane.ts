import {NotConnectedError} from '../errors.js';
import type {Lane} from '../types.js';

/** Placeholder while no lane exists. It rejects every command. */
export const noLane: Lane = {
	id: -1,
	node: undefined,
	state: 'connecting',
	inFlight: 0,
	waitingMs: 0,
	lateMs: undefined,
	sendEach: async (_command, argumentLists) => argumentLists.map(noNode),
	send: () => Promise.reject(noNode()),
	sendFor: (receiver) => receiver.onError(noNode(), 0),
	abandon() {},
	reset() {},
};

function noNode(): NotConnectedError {
	return new NotConnectedError('No node of the cluster is known: still connecting');
}
