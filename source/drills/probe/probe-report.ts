/** The calls of a probe that were due in one part of a drill. */
export type ProbePhase = {
	/** Calls that were due. */
	readonly calls: number;
	/** Share of the calls that were answered as expected, 0 to 1; 1 if there were none. */
	readonly availability: number;
	/** Milliseconds from when a call was due until its reply ended, or it was given up. 0 if there were none. */
	readonly p50Ms: number;
	/** As `p50Ms`, exceeded by one in a hundred. */
	readonly p99Ms: number;
};

/** A probe over the whole drill, and in its parts. */
export type ProbeReport = ProbePhase & {
	/** Its URL, without credentials. */
	readonly name: string;
	/** Due and answered before the first fault. */
	readonly before: ProbePhase;
	/** Due while a fault was active, or not answered when one began. */
	readonly during: ProbePhase;
	/** Due between and after the faults. */
	readonly after: ProbePhase;
	/**
	 * Milliseconds from the end of the last fault until the first reply after which no call has failed; null if there was none.
	 */
	readonly recoveryMs: number | null;
	/** The reasons of failed calls, the most frequent first, at most five. */
	readonly failures: readonly {
		/** Such as `no reply in 1000 ms`. */
		readonly reason: string;
		/** Number of calls that failed for this reason. */
		readonly count: number;
	}[];
};
