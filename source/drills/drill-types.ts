import type {Fault} from '../faults/fault.js';
import type {WorkloadMix} from '../workload/workload-snapshot.js';

/** A timed scenario, read from a drill file and checked. All times in milliseconds. */
export type Drill = {
	readonly name: string;
	/** One line: what happens, as it would in real life. */
	readonly summary: string;
	readonly durationMs: number;
	readonly workload: DrillWorkload;
	readonly cache: DrillCache;
	/** Sorted by `atMs`. */
	readonly steps: readonly DrillStep[];
	readonly expectations: readonly Expectation[];
};

export type DrillWorkload = {
	readonly rate?: number;
	readonly keys?: number;
	readonly mix?: WorkloadMix;
	readonly seed?: number;
	readonly zipfExponent?: number;
	readonly valueBytes?: number;
	readonly ttl?: number;
	readonly loaderMs?: number;
};

/** Settings of the cache, where the drill wants others than the defaults. */
export type DrillCache = {
	readonly ttl?: number;
	readonly grace?: number;
	readonly memory?: false | {readonly maxEntries?: number; readonly maxBytes?: number};
	readonly journal?: {readonly maxKeys?: number};
	readonly deadlineMs?: number;
	readonly lanes?: number;
};

export type WorkloadChange = {readonly rate?: number; readonly keys?: number; readonly mix?: WorkloadMix};

export type DrillStep = {
	readonly atMs: number;
	/** Undefined: until the drill ends. A workload change is undone after it. */
	readonly forMs: number | undefined;
	readonly label: string;
} & ({readonly kind: 'fault'; readonly fault: Fault} | {readonly kind: 'workload'; readonly change: WorkloadChange});

export type Comparison = '==' | '!=' | '<=' | '>=' | '<' | '>';

/** `settleMs.p99 <= 50`, taken apart. */
export type Expectation = {
	readonly name: string;
	readonly field: string;
	readonly comparison: Comparison;
	readonly limit: number | string | boolean;
};
