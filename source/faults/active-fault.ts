import {describeFault} from './catalogue.js';
import type {ActiveFault, Fault} from './fault.js';

let lastId = 0;

/** Puts a fault in force from now. Ids are unique in the process, so that faults of the wire and of the server share one list. */
export function activate(fault: Fault, forMs: number | undefined): ActiveFault {
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
