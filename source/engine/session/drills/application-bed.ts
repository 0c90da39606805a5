import {idleWorkload} from '../../../drills/application/idle-workload.js';
import {FaultRefusedError} from '../../../faults/fault-errors.js';
import type {DrilledApplication} from '../application/drilled-application.js';
import type {DrillBed} from './drill-bed.js';

/**
 * The application behind the tap, which takes the role of a cache with traffic in a drill.
 *
 * @throws {FaultRefusedError} No application has connected, so that faults would have no effect.
 */
export function openApplicationBed({address, entry, isUnused}: DrilledApplication): DrillBed {
	if (isUnused)
		throw new FaultRefusedError(
			`no application has connected to the tap, so no fault would reach it: start it with ${entry}`,
		);
	return {
		workload: idleWorkload,
		traffic: undefined,
		application: address,
		cacheSnapshot: () => ({
			mode: {mode: 'connected'},
			counters: {hitsMemory: 0, hitsRedis: 0, misses: 0, timeouts: 0, errors: 0, shed: 0},
			journal: {size: 0, max: 0, overflowed: 0, reconciled: 0},
		}),
		onMode: () => () => {},
		onEnded() {},
		async end() {},
	};
}
