import type {SubjectEnd} from './subject.js';

/** The additional fields of a report on a drill that ran on a subject. */
export type SubjectReport = {
	/** The cache that the drill ran on. */
	readonly subject: {
		/** Its path or URL, as it was given. */
		readonly name: string;
		/** One line for each feature that it lacks, and so was not tested, and for each problem outside its calls. */
		readonly notes: readonly string[];
		/** Absent if its process ran until it was closed. */
		readonly ended?: SubjectEnd;
	};
	/**
	 * Values older than the last acknowledged change of their key, read after the last call. They count as wrong reads too.
	 * Absent if the drill did not run to its end.
	 */
	readonly returned?: {
		/** Changed keys that were read. */
		readonly keys: number;
		/** Keys with an old value in the process that made the calls. */
		readonly ownProcess: number;
		/** The same in a process that was opened after the last fault; null if there was none. */
		readonly otherProcess: number | null;
	};
};
