import {formatMilliseconds} from '../faults/duration.js';
import type {ActiveFault} from '../faults/fault.js';
import type {EventsLog, OpenEvent} from './events-log.js';

/** Writes outages into the log: one line each, which ends up with its duration. */
export class FaultEvents {
	readonly #log: EventsLog;
	readonly #open = new Map<number, OpenEvent>();

	constructor(log: EventsLog) {
		this.#log = log;
	}

	added({id, label}: ActiveFault): void {
		this.#open.set(id, this.#log.open({level: 'warn', topic: 'fault', text: `outage: ${label}`}));
	}

	lifted({id, label, since}: ActiveFault): void {
		this.#open.get(id)?.update(`outage: ${label}, lifted after ${formatMilliseconds(Date.now() - since)}`, 'info');
		this.#open.delete(id);
	}
}
