import {NotConnectedError} from '../errors.js';
import type {Lane} from '../types.js';

/** Stands in while there is no lane at all. */
export const noLane: Lane = {
	id: -1,
	node: undefined,
	state: 'connecting',
	inFlight: 0,
	lateMs: undefined,
	send: () => Promise.reject(new NotConnectedError('No node of the cluster is known: still connecting')),
	abandon() {},
	reset() {},
};
