import {raceWithSignal} from '../../support/race-with-signal.js';
import type {Flight} from '../flight.js';
import {type LoadParts, type LoadRequest, load} from '../load.js';
import type {Looked} from './looks.js';

/**
 * Begins the load of a key that was read, with the lease that was granted for it. If a look of another call has the lease, or is
 * asking for it, its load is joined: its loader has not been called before this call was made. Rejects if the signal of the call is
 * aborted until then.
 */
export function beginLoad(
	parts: LoadParts,
	request: LoadRequest,
	{claim, joined, lostRequest}: Looked,
): Flight | Promise<Flight> {
	if (claim !== undefined) {
		const flight = load(parts, {...request, lease: claim.lease});
		claim.use(flight);
		return flight;
	}
	const look = joined ?? parts.flights.looks.get(request.redisKey);
	if (look === undefined) return load(parts, lostRequest === undefined ? request : {...request, lostRequest});
	const {signal} = request.options ?? {};
	const over = signal === undefined ? look.whenOver() : raceWithSignal(look.whenOver(), signal);
	return over.then((flight) => {
		if (flight === undefined) return load(parts, request);
		request.many?.delayed();
		return flight;
	});
}
