import type {LatencySummary} from '../metrics/durations.js';

/** Shares of the calls, relative to each other. */
export type WorkloadMix = {
	/** Share of reads. */
	readonly read: number;
	/** Share of calls that store a value. */
	readonly write: number;
	/** Share of deletions. */
	readonly delete: number;
	/** Share of invalidations of a tag that many keys have. Default 0. For a cache without tags, these calls are deletions. */
	readonly invalidateTag?: number;
	/** Share of invalidations of all keys. Default 0. Like `invalidateTag` without tags. */
	readonly clear?: number;
};

/** A read that returned a value older than the last acknowledged change. */
export type WrongRead = {
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly key: string;
	/** Version of the value returned; 0 for one of another workload, -1 for one never written under this key. */
	readonly got: number;
	/** Oldest version that it might have returned. */
	readonly expected: number;
};

export type WorkloadSnapshot = {
	readonly running: boolean;
	/** Calls due per second. */
	readonly rate: number;
	readonly keys: number;
	readonly mix: WorkloadMix;
	readonly calls: number;
	readonly failedCalls: number;
	readonly hungCalls: number;
	readonly pending: number;
	readonly wrongReads: number;
	/** The latest wrong reads, at most 20. */
	readonly wrongReadExamples: readonly WrongRead[];
	readonly availability: number;
	/** Calls settled per second, over about the last second. */
	readonly callsPerSecond: number;
	/** Times from when a call was due until it settled, over about the last second. */
	readonly settle: LatencySummary;
};
