import type {CacheOptions} from '../cache/api/types.js';
import type {Fault} from '../faults/fault.js';
import type {WorkloadOptions} from '../workload/workload.js';
import type {WorkloadMix} from '../workload/workload-snapshot.js';
import type {ExpectationField} from './expectation-fields.js';

/**
 * A timed scenario of traffic, faults and expectations, read from a drill file and validated. All times in
 * milliseconds.
 */
export type Drill = {
	readonly name: string;
	/** The scenario, as it would happen in real life, in one line. */
	readonly summary: string;
	readonly durationMs: number;
	readonly workload: DrillWorkload;
	readonly cache: DrillCache;
	/** Sorted by `atMs`. */
	readonly steps: readonly DrillStep[];
	readonly expectations: readonly Expectation[];
};

/** Settings of the traffic that differ from the workload's defaults. */
export type DrillWorkload = {
	/** Calls a second. Default 500. */
	readonly rate?: number;
	/** Number of keys. Default 2000. */
	readonly keys?: number;
	/** Shares of reads, writes and deletes. Default 80 : 15 : 5. */
	readonly mix?: WorkloadMix;
	/** The same seed gives the same calls. Default 1. */
	readonly seed?: number;
	/** Skew of the key distribution (exponent of Zipf's law); 0 is uniform. Default 1. */
	readonly zipfExponent?: number;
	/** Bytes of padding in each value. Default 100. */
	readonly valueBytes?: number;
	/** Milliseconds that written values live. */
	readonly ttl?: number;
	/** Milliseconds that a read of the database takes. Default 2. */
	readonly loaderMs?: number;
};

/** Bounds of a memory tier. */
export type MemoryBounds = {
	/** Entries at most. */
	readonly maxEntries?: number;
	/** Bytes at most. */
	readonly maxBytes?: number;
};

/** Bounds of a journal. */
export type JournalBounds = {
	/** Changes that are remembered while Redis is away. */
	readonly maxKeys?: number;
};

/** Settings of the cache that differ from the defaults. */
export type DrillCache = {
	/** Milliseconds that values live. */
	readonly ttl?: number;
	/** Milliseconds past its TTL in which a value may still be served. */
	readonly grace?: number;
	/** Bounds of the memory tier; `false` turns it off. */
	readonly memory?: false | MemoryBounds;
	/** Bounds of the journal. */
	readonly journal?: JournalBounds;
	/** Milliseconds in which a command must be answered. */
	readonly deadlineMs?: number;
	/** Number of lanes. */
	readonly lanes?: number;
};

/** Traffic from one step on. */
export type WorkloadChange = {
	/** Calls a second. */
	readonly rate?: number;
	/** Number of keys. */
	readonly keys?: number;
	/** Shares of reads, writes and deletes. */
	readonly mix?: WorkloadMix;
};

export type DrillStep = {
	readonly atMs: number;
	/** Time after which a fault is lifted, or a change of the traffic undone. Undefined: at the end of the drill. */
	readonly forMs: number | undefined;
	readonly label: string;
} & ({readonly kind: 'fault'; readonly fault: Fault} | {readonly kind: 'workload'; readonly change: WorkloadChange});

export type Comparison = '==' | '!=' | '<=' | '>=' | '<' | '>';

/** A parsed expectation. */
export type Expectation = {
	/** As written in the drill: `settleMs.p99 <= 50`. */
	readonly name: string;
	readonly field: ExpectationField;
	readonly comparison: Comparison;
	readonly limit: number | string | boolean;
};

const defaultTtlMs = 60_000;

/** Long enough that values read before an outage can be served until its end. */
const defaultGraceMs = 600_000;

/**
 * Longest TTL of any key of a drill, in milliseconds, since a killed drill cannot remove its keys. It exceeds the duration of
 * the drill by more than the TTL jitter and the time to end, so that it expires no value during the drill.
 */
function lifeOf({durationMs}: Pick<Drill, 'durationMs'>): number {
	return Math.ceil(1.25 * durationMs) + 5000;
}

/** Lifetimes of a drill's values in milliseconds: TTL, grace, and the longest TTL of any key. */
export function lifetimesOf(drill: Pick<Drill, 'cache' | 'durationMs'>): {
	readonly ttlMs: number;
	readonly graceMs: number;
	readonly maxMs: number;
} {
	const {ttl = defaultTtlMs, grace = defaultGraceMs} = drill.cache;
	const maxMs = lifeOf(drill);
	return {ttlMs: Math.min(ttl, maxMs), graceMs: Math.min(grace, maxMs), maxMs};
}

/** True for a drill that sets the clock of a server, which must be started with support for that. */
export function setsClock({steps}: Pick<Drill, 'steps'>): boolean {
	return steps.some((step) => step.kind === 'fault' && step.fault.kind === 'clock');
}

/** The options of a drill's cache, except for its URL and namespace. */
export function cacheOptionsOf(
	drill: Pick<Drill, 'cache' | 'durationMs'>,
): Pick<CacheOptions, 'ttl' | 'memory' | 'journal' | 'deadline' | 'pool'> {
	const {memory, journal, deadlineMs, lanes} = drill.cache;
	const {ttlMs, graceMs, maxMs} = lifetimesOf(drill);
	return {
		ttl: {default: ttlMs, grace: graceMs, max: maxMs},
		memory,
		journal,
		deadline: deadlineMs,
		pool: {lanes},
	};
}

/** The options of a drill's workload. */
export function workloadOptionsOf({workload, cache}: Drill): WorkloadOptions {
	return {...workload, ...(cache.deadlineMs === undefined ? {} : {deadlineMs: cache.deadlineMs})};
}
