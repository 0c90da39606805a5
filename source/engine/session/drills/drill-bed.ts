import type {DrillHost} from '../../../drills/drill-host.js';
import type {SubjectEnd} from '../../../drills/subject/subject.js';
import type {Workload} from '../../../workload/workload.js';

/** The cache of a drill, our own or a subject, with traffic on it. */
export type DrillBed = Pick<
	DrillHost,
	'workload' | 'application' | 'cacheSnapshot' | 'onMode' | 'subject' | 'cacheSettings'
> & {
	/** The traffic that the drill makes, to be shown. Undefined: it makes none. */
	readonly traffic: Workload | undefined;
	/** Calls the listener if the process of a subject ends during the drill. */
	onEnded(listener: (end: SubjectEnd) => void): void;
	/**
	 * Removes the keys of the drill, except from a private server that also ends now, and restores the previous traffic. Never
	 * rejects.
	 */
	end(session: {readonly isSessionOver: () => boolean}): Promise<void>;
};
