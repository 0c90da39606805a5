import type {Finding, FindingId, FindingLevel} from '../../tap/findings/finding.js';
import type {EngineEventLevel} from '../protocol.js';
import type {EventsWriter} from './events-log.js';

const eventLevel: Readonly<Record<FindingLevel, EngineEventLevel>> = {info: 'info', warning: 'warn', serious: 'error'};

const ranks: Readonly<Record<FindingLevel, number>> = {info: 0, warning: 1, serious: 2};

/** Logs each finding when it first appears, and again when it has become more serious. */
export class FindingEvents {
	readonly #log: EventsWriter;
	/** The highest level that was logged. */
	readonly #loggedLevels = new Map<FindingId, FindingLevel>();

	constructor(log: EventsWriter) {
		this.#log = log;
	}

	add(findings: readonly Finding[]): void {
		for (const {id, level, title, evidence} of findings) {
			const told = this.#loggedLevels.get(id);
			if (told !== undefined && ranks[level] <= ranks[told]) continue;
			this.#loggedLevels.set(id, level);
			const what = told === undefined ? 'finding' : `now ${level}: finding`;
			this.#log.add({level: eventLevel[level], topic: 'application', text: `${what} ${id}: ${title}. ${evidence}`});
		}
	}
}
