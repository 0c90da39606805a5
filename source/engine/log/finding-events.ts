import type {Finding, FindingId, FindingLevel} from '../../tap/findings/finding.js';
import type {EngineEventLevel} from '../protocol.js';
import type {EventsWriter} from './events-log.js';

const eventLevel: Readonly<Record<FindingLevel, EngineEventLevel>> = {info: 'info', warning: 'warn', serious: 'error'};

/** Logs each finding once, when it first appears. */
export class FindingEvents {
	readonly #log: EventsWriter;
	readonly #told = new Set<FindingId>();

	constructor(log: EventsWriter) {
		this.#log = log;
	}

	add(findings: readonly Finding[]): void {
		for (const {id, level, title, evidence} of findings) {
			if (this.#told.has(id)) continue;
			this.#told.add(id);
			this.#log.add({level: eventLevel[level], topic: 'application', text: `finding ${id}: ${title}. ${evidence}`});
		}
	}
}
