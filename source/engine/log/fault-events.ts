import type {ActiveFault, PastFault} from '../../faults/fault.js';
import {formatDuration} from '../../text/duration.js';
import type {EventsWriter, OpenEvent} from './events-log.js';

/** More faults than can end between two snapshots. */
const maxPast = 64;

/** Logs faults, one line each, which gets its duration in the end, and keeps the latest ones that are over. */
export class FaultEvents {
	readonly #log: EventsWriter;
	readonly #open = new Map<number, OpenEvent>();
	#past: readonly PastFault[] = [];

	constructor(log: EventsWriter) {
		this.#log = log;
	}

	/** The latest faults that are over, oldest first. */
	get past(): readonly PastFault[] {
		return this.#past;
	}

	added({id, label}: ActiveFault): void {
		this.#open.set(id, this.#log.open({level: 'warn', topic: 'fault', text: `outage: ${label}`}));
	}

	/** To be called in the same turn in which the fault stops acting. */
	lifted(fault: ActiveFault): void {
		const {id, label, since} = fault;
		const liftedAt = Date.now();
		this.#past = [...this.#past, {...fault, liftedAt}].slice(-maxPast);
		this.#open.get(id)?.update(`outage: ${label}, lifted after ${formatDuration(liftedAt - since)}`, 'info');
		this.#open.delete(id);
	}
}
