import {raceWithSignal} from '../../support/race-with-signal.js';
import type {Flight} from '../flight.js';
import {type LoadParts, type LoadRequest, load} from '../load.js';
import type {Looked} from './looks.js';

/**
 * Begins the load of a key with the lease that was granted with its read. If the look of another call has the lease, or is
 * requesting it, joins that call's load, whose loader was certainly not called before this call was made. Rejects if the signal
 * of the call is aborted before.
 *
 * An unused claim is given up at once: the load that is joined may be waiting for that very lease.
 */
export function beginLoad(parts: LoadParts, request: LoadRequest, {claim, joined}: Looked): Flight | Promise<Flight> {
	const look = joined ?? parts.flights.looks.get(request.redisKey);
	if (claim?.lease !== undefined || look === undefined) {
		const flight = load(parts, claim === undefined ? request : {...request, claim});
		claim?.giveUp();
		return flight;
	}
	claim?.giveUp();
	const {signal} = request.options ?? {};
	const over = signal === undefined ? look.whenOver() : raceWithSignal(look.whenOver(), signal);
	return over.then((flight) => {
		if (flight === undefined) return load(parts, request);
		request.many?.delayed();
		return flight;
	});
}
