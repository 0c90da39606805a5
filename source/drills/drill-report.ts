import type {Mode} from '../metrics/snapshot.js';
import type {Finding} from '../tap/findings/finding.js';
import type {SettleQuantiles} from '../workload/settle-times.js';
import type {Lateness} from './lateness/lateness.js';
import type {ProbeReport} from './probe/probe-report.js';
import type {SubjectReport} from './subject/subject-report.js';
import type {WireReport} from './wire/wire-report.js';

/** An expectation of a drill, and its result. */
export type ExpectationResult = {
	/** As written in the drill: `wrongReads == 0`. */
	readonly name: string;
	/** False as well if it is undecided. */
	readonly passed: boolean;
	/**
	 * True if the drill did not run to its end, and the rest could have changed the result, or for `reason`. Absent otherwise.
	 */
	readonly undecided?: true;
	/** Why it is undecided although the drill ran to its end. Absent otherwise. */
	readonly reason?: string;
	/** Absent if nothing was measured, which meets no expectation. */
	readonly actual: number | string | boolean | undefined;
	/** The value that it was compared with. */
	readonly limit: number | string | boolean;
	/** Milliseconds by which it exceeded its limit but still passed, because the machine was late by as much. */
	readonly toleratedMs?: number;
};

/** An expectation that was not checked, because its figure is unknown. */
export type LeftOutExpectation = {
	/** As written in the drill: `journal.overflowed == 0`. */
	readonly name: string;
	/** Reason why it cannot be judged: `a subject has no modes`. */
	readonly reason: string;
};

/** The result of a drill. Its fields are a contract with users that store reports in CI. */
export type DrillReport = {
	/** Name of the drill. */
	readonly drill: string;
	/** `redis-server 7.0.15 (private)` or `built-in server 0.1.0 (private)`. */
	readonly server: string;
	/** True if the drill ran to its end and every expectation that was judged was met. */
	readonly passed: boolean;
	/** The reason why the drill did not run to its end: `'interrupted by SIGINT'`. Absent if it did. */
	readonly partial?: string;
	/** Milliseconds from the first call to the last. */
	readonly durationMs: number;
	/** Calls made by the application, of all kinds. */
	readonly calls: number;
	/**
	 * Calls that were due while this process was suspended for seconds. They were never made, and are not included in `calls`.
	 */
	readonly skippedCalls: number;
	/** Calls that rejected. */
	readonly failedCalls: number;
	/** Calls that had not settled within their deadline and a margin. */
	readonly hungCalls: number;
	/**
	 * Calls that took as long as a hung one, but while the calling process waited for a CPU or its event loop was blocked, so
	 * that the cache is not to blame. Absent if there were none.
	 */
	readonly lateCalls?: number;
	/** Changes and invalidations that settled without having reached Redis. Absent for a subject, where it is unknown. */
	readonly unstoredChanges?: number;
	/**
	 * Reads and changes that Redis had answered when the first fault began. With 0, the drill cannot show an effect of that
	 * fault: an undecided expectation `answeredBeforeFault >= 1` is then added. Absent if the drill has no fault or begins with
	 * one, and for a subject or an application with its own traffic, where it is unknown.
	 */
	readonly answeredBeforeFault?: number;
	/** Reads that returned a value older than the last acknowledged change. */
	readonly wrongReads: number;
	/** Share of calls that settled in time and did not reject, 0 to 1. */
	readonly availability: number;
	/** Milliseconds from when a call was due (open loop) until it settled. */
	readonly settleMs: SettleQuantiles;
	/** The same for calls that were due while a fault was active. */
	readonly faultSettleMs: SettleQuantiles;
	/** Lateness of this machine's timers, measured in another thread: the machine's share in all times above. */
	readonly machineLateMs: Lateness;
	/** Share of reads that the cache answered with a value that it had, 0 to 1. */
	readonly hitRatio: number;
	/** Empty for an application with its own traffic. Of a subject, `connected` while it returns a value that was stored just before, and `fallback` while it does not. */
	readonly modes: readonly {
		/** The mode that was entered. */
		readonly mode: Mode;
		/** Milliseconds since the first call. */
		readonly atMs: number;
	}[];
	/** Milliseconds from when the last fault was lifted until `connected`; null if the cache did not get there. */
	readonly recoveryMs: number | null;
	/** All 0 for a subject, whose journal is unknown. */
	readonly journal: {
		/** Its largest size, in keys. */
		readonly max: number;
		/** Times that it overflowed. */
		readonly overflowed: number;
		/** Keys that were reconciled. */
		readonly reconciled: number;
	};
	/** The judged ones, in the order of the drill. */
	readonly expectations: readonly ExpectationResult[];
	/** One for each `--probe`. Absent if there is none. */
	readonly probes?: readonly ProbeReport[];
	/** Behavior of the application on its connections. Absent if it had none, or there is no application. */
	readonly wire?: WireReport;
	/** Problems that the application's traffic showed, as in the JSON of the tap. Absent like `wire`. */
	readonly findings?: readonly Finding[];
	/**
	 * The address for the application, if the drill ran on an application's own traffic: the drill made no calls, so
	 * fields about calls, modes and the journal are meaningless. `recoveryMs` is that of `wire`. Absent if the drill made
	 * its traffic.
	 */
	readonly application?: string;
	/** Absent if there is none. */
	readonly leftOut?: readonly LeftOutExpectation[];
} & Partial<SubjectReport>;
