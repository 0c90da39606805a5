import type {ActiveFault, Fault} from '../faults/fault.js';
import type {CacheSnapshot, ModeChange} from '../metrics/snapshot.js';
import type {Workload} from '../workload/workload.js';
import type {ExpectationField} from './expectation-fields.js';
import type {Lateness} from './lateness/lateness.js';
import type {Probes} from './probe/probes.js';
import type {RecordedCacheSettings} from './recording/drill-recording.js';
import type {SubjectReport} from './subject/subject-report.js';
import type {WireRecord} from './wire/wire-record.js';

/** Counters of commands that were not answered. */
export type FailureCount = 'timeouts' | 'errors' | 'shed';

/** The figures of a cache in a report. */
export type CacheFigures = {
	readonly mode: Pick<ModeChange, 'mode'>;
	readonly counters: Pick<CacheSnapshot['counters'], 'hitsMemory' | 'hitsRedis' | 'misses' | FailureCount>;
	readonly journal: Pick<CacheSnapshot['journal'], 'size' | 'max' | 'overflowed' | 'reconciled'>;
};

/** The part of a drill that exists only with a subject. */
export type SubjectHost = {
	/** Why no expectation of this field can be judged; undefined if it can. */
	whyLeftOut(field: ExpectationField): string | undefined;
	/** Reads the changed keys once more, after the last call. Bounded in time. */
	reread(): Promise<void>;
	report(): SubjectReport;
};

/**
 * The program around a drill, as far as the drill needs it: a connected cache, traffic on it, and a way to break
 * things.
 */
export type DrillHost = {
	/** Server in the report: `redis-server 7.0.15 (private)`. */
	readonly server: string;
	/** Made with the drill's `workload` settings, not started yet. */
	readonly workload: Pick<
		Workload,
		'start' | 'stop' | 'setRate' | 'setMix' | 'setKeys' | 'setFaultActive' | 'observe' | 'reset' | 'totals' | 'snapshot'
	>;
	/** Snapshot of the cache, which was made with the drill's `cache` settings. */
	cacheSnapshot(): CacheFigures;
	/** Undefined: the cache is our own. */
	readonly subject?: SubjectHost;
	/** Settings for the recording. Undefined: unknown. */
	readonly cacheSettings?: RecordedCacheSettings;
	/** Calls of an application's pages, made all the time. Undefined: none. */
	readonly probes?: Pick<Probes, 'start' | 'setFaultActive' | 'stop' | 'close' | 'report' | 'recordings'>;
	/**
	 * Address at which an application connects whose own traffic the drill runs on: `workload` makes none then, and only
	 * probes and the wire are judged. Undefined: the drill makes the traffic.
	 */
	readonly application?: string;
	/** The connections of an application. Undefined: there is none. */
	readonly wire?: Pick<WireRecord, 'begin' | 'setFaultActive' | 'end' | 'report' | 'findings'>;
	/** Lateness of this machine's timers since the drill was prepared. */
	machineLateMs(): Lateness;
	/** Calls the listener on every change of the cache's mode. Returns a function that removes it. */
	onMode(listener: (change: Pick<ModeChange, 'mode'>) => void): () => void;
	/** @throws {FaultRefusedError} The fault is not possible on this server. */
	applyFault(fault: Fault): Promise<ActiveFault>;
	/** Resolves when the fault is no longer in force, or was not in the first place. */
	liftFault(id: number): Promise<unknown>;
	/** True while a fault is in force: some end by themselves. */
	isActive(id: number): boolean;
	/** Why a fault has ended without having acted, or before all of it was done. Undefined: it did what it is for. */
	failureOf(id: number): Error | undefined;
};
