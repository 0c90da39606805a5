import type {ActiveFault, PastFault} from '../../faults/fault.js';
import {formatDuration} from '../../text/duration.js';
import type {EventsWriter, OpenEvent} from './events-log.js';

/** Most past faults that are kept: more than can end between two snapshots. */
const maxPast = 64;

/** Logs each fault in one line, which gets its duration when the fault ends, and keeps the latest past faults. */
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

	/** Call it in the same turn of the event loop in which the fault ends. */
	lifted(fault: ActiveFault): void {
		const {id, label, since} = fault;
		const liftedAt = Date.now();
		this.#past = [...this.#past, {...fault, liftedAt}].slice(-maxPast);
		this.#open.get(id)?.update(`outage: ${label}, lifted after ${formatDuration(liftedAt - since)}`, 'info');
		this.#open.delete(id);
	}
}
