/** What one library did in one drill. */
export type Outcome = {
	/** Before the outage. */
	readonly calm: {
		readonly p50: number;
		readonly p99: number;
		readonly wrongReads: number;
		/** Clients connected to Redis. */
		readonly connections: number;
		/** What loading the library and filling its memory added to the process, in MB. */
		readonly addedMb: number;
	};
	readonly calls: number;
	/** Under way for longer than the limit when the outage ended. */
	readonly pending: number;
	readonly failedCalls: number;
	/** Of calls that came due during the outage, milliseconds. Those that took longer than `hangMs` count as that. */
	readonly p50: number;
	readonly p99: number;
	/** Reads of the workload. */
	readonly wrongReads: {readonly during: number; readonly after: number};
	/** Keys of the directed check. */
	readonly directed: {
		readonly changed: number;
		/** As many were read by this process, and as many others by another process. */
		readonly readByEach: number;
		/** Whose last change was acknowledged during the outage. */
		readonly acknowledged: number;
		readonly during: number;
		readonly sameProcess: number;
		readonly otherProcess: number;
	};
	/** Null: not within the limit. */
	readonly recoveryMs: number | null;
	/** Rejections and exceptions that nobody handled: by default each of them ends a Node.js process. */
	readonly unhandled: readonly string[];
};

export type Failure = {readonly failed: string};

/** Calls that take longer hang. */
export const hangMs = 650;

/** How long a library may take to recover. */
export const recoveryLimitMs = 6000;
