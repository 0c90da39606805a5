import type {Drill} from '../drill.js';

/** One part of the time line of a drill. Counts are of calls that were due in it. */
export type TimeSlot = {
	/** Calls that settled or were found to hang. */
	readonly calls: number;
	readonly failedCalls: number;
	readonly hungCalls: number;
	/** Reads that returned an outdated value, by the time at which they did. */
	readonly wrongReads: number;
	/** Hits and misses, if the cache counts them. */
	readonly hits: number;
	readonly misses: number;
	/** The largest size of the journal. */
	readonly journal: number;
	/** Milliseconds from when calls were due until they settled. Undefined without calls. The median is exact to a tenth. */
	readonly p50Ms: number | undefined;
	readonly maxMs: number | undefined;
};

/** Calls of one slot that took about the same time. */
export type LatencyDot = {readonly slot: number; readonly ms: number; readonly calls: number};

/** A fault, or a change of the traffic, as it happened. */
export type RecordedStep = {
	readonly kind: 'fault' | 'workload';
	readonly label: string;
	readonly fromMs: number;
	readonly toMs: number;
};

export type RecordedWrongRead = {
	readonly atMs: number;
	readonly key: string;
	/** Version of the value returned. */
	readonly got: number;
	/** Oldest version that it might have returned. */
	readonly expected: number;
};

export type RecordedEvent = {
	readonly atMs: number;
	readonly level: 'info' | 'warn' | 'error';
	readonly text: string;
	/** Times that it happened. */
	readonly count: number;
};

/** Calls of a probe, in separate slots. */
export type ProbeRecording = {
	/** As in the report. */
	readonly name: string;
	/** Length of a slot in milliseconds. */
	readonly slotMs: number;
	readonly slots: readonly Pick<TimeSlot, 'calls' | 'failedCalls'>[];
	readonly dots: readonly LatencyDot[];
};

/** The course of a drill, for reports that draw it. Bounded for a drill of any length; serializable. */
export type DrillRecording = {
	readonly summary: string;
	/** Unix time in milliseconds. All other times count from then. */
	readonly startedAt: number;
	/** Length of a slot in milliseconds. */
	readonly slotMs: number;
	readonly slots: readonly TimeSlot[];
	readonly dots: readonly LatencyDot[];
	/** Steps that began, in the order of their beginning. */
	readonly steps: readonly RecordedStep[];
	/** The first wrong reads. Slots count all of them. */
	readonly wrongReads: readonly RecordedWrongRead[];
	readonly events: readonly RecordedEvent[];
	/** Absent if there is no probe. */
	readonly probes?: readonly ProbeRecording[];
	/** Milliseconds within which calls have to settle. */
	readonly deadlineMs: number;
	readonly settings: RecordedSettings;
};

/** The settings in effect; of the traffic those that the drill has, with its rate, keys and mix. Times in milliseconds. */
export type RecordedSettings = {
	readonly workload: Drill['workload'];
	/** Absent for a cache that is not our own. */
	readonly cache?: RecordedCacheSettings;
};

export type RecordedCacheSettings = {
	readonly ttlMs: number;
	readonly graceMs: number;
	readonly lanes: number;
	/** 0: there is no memory tier. */
	readonly maxEntries: number;
	readonly maxBytes: number;
	readonly journalMaxKeys: number;
};
