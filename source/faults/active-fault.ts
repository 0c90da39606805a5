import {describeFault} from './catalogue.js';
import type {ActiveFault, Fault} from './fault.js';

let lastId = 0;

/**
 * Makes the record of a fault that is in force from now. Ids are unique in the process: wire and server faults share a
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
