/** The result of one library in one drill. */
export type Outcome = {
	/** Figures from before the outage. */
	readonly calm: {
		readonly p50: number;
		readonly p99: number;
		readonly wrongReads: number;
		/** Number of clients connected to Redis. */
		readonly connections: number;
		/** Memory that the process gained by loading the library and filling its memory tier, in MB. */
		readonly addedMb: number;
	};
	readonly calls: number;
	/** Calls that had been in flight for longer than `hangMs` when the outage ended. */
	readonly pending: number;
	readonly failedCalls: number;
	/** Latency of calls that were due during the outage, in ms. A call that took longer than `hangMs` counts as `hangMs`. */
	readonly p50: number;
	readonly p99: number;
	/** Wrong reads of the workload. */
	readonly wrongReads: {readonly during: number; readonly after: number};
	/** Keys of the directed check. */
	readonly directed: {
		readonly changed: number;
		/** Number of keys that this process read; another process read as many others. */
		readonly readByEach: number;
		/** Number of keys whose last change was acknowledged during the outage. */
		readonly acknowledged: number;
		readonly during: number;
		readonly sameProcess: number;
		readonly otherProcess: number;
	};
	/** `null`: not within `recoveryLimitMs`. */
	readonly recoveryMs: number | null;
	/** Unhandled rejections and exceptions: by default each of them ends a Node.js process. */
	readonly unhandled: readonly string[];
};

export type Failure = {readonly failed: string};

/** A call that takes longer hangs. */
export const hangMs = 650;

/** Longest recovery that is measured. */
export const recoveryLimitMs = 6000;
