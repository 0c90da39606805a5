import type {LatencySummary} from '../metrics/snapshot.js';

export type WorkloadMix = {readonly read: number; readonly write: number; readonly delete: number};

export type WrongRead = {
	readonly at: number;
	readonly key: string;
	readonly got: number;
	readonly expected: number;
};

export type WorkloadSnapshot = {
	readonly running: boolean;
	/** Calls a second that are due. */
	readonly rate: number;
	readonly keys: number;
	readonly mix: WorkloadMix;
	readonly calls: number;
	readonly failedCalls: number;
	readonly hungCalls: number;
	readonly pending: number;
	readonly wrongReads: number;
	/** The latest ones, bounded. */
	readonly wrongReadExamples: readonly WrongRead[];
	readonly availability: number;
	/** Calls that settled a second, over the last second or so. */
	readonly callsPerSecond: number;
	/** The last second or so: from when a call was due until it settled. */
	readonly settle: LatencySummary;
};
