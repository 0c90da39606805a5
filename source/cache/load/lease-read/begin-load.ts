import {raceWithSignal} from '../../support/race-with-signal.js';
import type {Flight} from '../flight.js';
import {type LoadParts, type LoadRequest, load} from '../load.js';
import type {ReadForLoad} from './shared-lease-reads.js';

/**
 * Begins the load of a key with the lease that was granted with its read. If the lease read of another call has the lease, or is
 * requesting it, joins that call's load, whose loader was certainly not called before this call was made. Rejects if the signal
 * of the call is aborted before.
 *
 * An unused claim is given up at once: the load that is joined may be waiting for that very lease.
 */
export function beginLoad(
	parts: LoadParts,
	request: LoadRequest,
	{claim, joined}: ReadForLoad,
): Flight | Promise<Flight> {
	const shared = joined ?? parts.flights.leaseReads.get(request.redisKey);
	if (claim?.lease !== undefined || shared === undefined) {
		const flight = load(parts, claim === undefined ? request : {...request, claim});
		claim?.giveUp();
		return flight;
	}
	claim?.giveUp();
	const {signal} = request.options ?? {};
	const over = signal === undefined ? shared.whenOver() : raceWithSignal(shared.whenOver(), signal);
	return over.then((flight) => {
		if (flight === undefined) return load(parts, request);
		request.many?.delayed();
		return flight;
	});
}
