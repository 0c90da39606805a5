import {describeFault} from './catalogue.js';
import type {ActiveFault, Fault} from './fault.js';

let lastId = 0;

/**
 * Creates the record of a fault that is active from now on. Ids are unique in the process, since wire and server faults share a
 * list.
 */
export function activate<Some extends Fault>(fault: Some, forMs: number | undefined): ActiveFault<Some> {
	lastId++;
	const since = Date.now();
	return {
		id: lastId,
		fault,
		since,
		until: forMs === undefined ? undefined : since + forMs,
		label: describeFault(fault),
	};
}
