import type {DurationHistogram, LatencySummary} from './durations.js';

/** `waiting`: the connection is closed, and is opened again after a pause. */
export type LaneState = 'connecting' | 'ready' | 'waiting' | 'closed';

/** One lane: a connection that all callers share. Counters only grow. */
export type LaneSnapshot = {
	/** Counted from 0. */
	readonly id: number;
	/**
	 * Address of its node in a cluster: `10.0.0.7:6379`. Behind Sentinel, while the lane is `ready`: the address of the server
	 * that it is connected to, which is an old master until Sentinel has named the new one.
	 */
	readonly node?: string;
	/** Commands can be sent while it is `ready`. */
	readonly state: LaneState;
	/** Commands sent and not answered yet. */
	readonly inFlight: number;
	/** Maximum number of commands in flight; more are refused and counted as `shed`. */
	readonly capacity: number;
	/** Commands sent. */
	readonly commands: number;
	/** Commands that failed; those that missed their deadline are counted in `timeouts`. */
	readonly failures: number;
	/** Commands that were not answered within their deadline. */
	readonly timeouts: number;
	/** Times the connection was opened again. */
	readonly reconnects: number;
	/** Bytes read from sockets. */
	readonly bytesRead: number;
	/** Bytes written to sockets. */
	readonly bytesWritten: number;
	/** Commands per second, over the last second. */
	readonly rate: number;
	/** Time from sending a command to its reply, over about ten seconds. */
	readonly latency: LatencySummary;
	/** When the lane became `ready`, Unix time in milliseconds; `undefined` in other states. */
	readonly readySince: number | undefined;
};

/** One exclusive connection. */
export type CheckoutSnapshot = {
	/** Unique among the connections of the pool. */
	readonly id: number;
	/** `busy`: a caller has borrowed it. */
	readonly state: 'connecting' | 'idle' | 'busy';
	/** Purpose of the borrower while `busy`: `scan`, `transaction`. */
	readonly purpose: string | undefined;
	/** Unix time in milliseconds at which this state began. */
	readonly since: number;
	/** When the connection was opened, Unix time in milliseconds. */
	readonly openedAt: number;
};

/** A caller that waits for an exclusive connection. */
export type CheckoutWaiter = {
	/** Purpose of the caller. */
	readonly purpose: string;
	/** Start of the wait, Unix time in milliseconds. */
	readonly since: number;
};

/** Exclusive connections: each is lent to one caller at a time. Counters only grow. */
export type CheckoutsSnapshot = {
	/** Minimum number of connections, which are kept open. */
	readonly min: number;
	/** Maximum number of open connections. */
	readonly max: number;
	/** Connections that are open. */
	readonly open: number;
	/** Connections that are lent. */
	readonly busy: number;
	/** Maximum number of waiting callers. */
	readonly maxWaiters: number;
	/** Times that a connection was lent. */
	readonly acquired: number;
	/** Callers that timed out while they waited. */
	readonly acquireTimeouts: number;
	/** Callers refused because `maxWaiters` were waiting already. */
	readonly refused: number;
	/** Durations of the waits of callers, over about ten seconds. */
	readonly wait: LatencySummary;
	/** Durations of the waits of callers since the cache was created. */
	readonly waits: DurationHistogram;
	/** The connections. */
	readonly connections: readonly CheckoutSnapshot[];
	/** Waiting callers; the one that has waited longest comes first. */
	readonly waiting: readonly CheckoutWaiter[];
};

/** The connections to Redis. */
export type PoolSnapshot = {
	/** Commands in flight divided by the capacity of all lanes, 0 to 1. */
	readonly utilisation: number;
	/** The lanes. */
	readonly lanes: readonly LaneSnapshot[];
	/** The exclusive connections. */
	readonly checkouts: CheckoutsSnapshot;
	/** Deadline of a command, in milliseconds. */
	readonly deadlineMs: number;
};
