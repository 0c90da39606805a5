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
	/** The reason why expectations on this field cannot be evaluated; undefined if they can. */
	whyLeftOut(field: ExpectationField): string | undefined;
	/** Reads the changed keys once more, after the last call. Bounded in time. */
	reread(): Promise<void>;
	report(): SubjectReport;
};

/** The parts of the program that a drill needs: a connected cache, traffic on it, and a way to apply faults. */
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
	/** Undefined if the cache is that of this program. */
	readonly subject?: SubjectHost;
	/** Settings for the recording. Undefined: unknown. */
	readonly cacheSettings?: RecordedCacheSettings;
	/** Probes of an application's pages. Undefined if there are none. */
	readonly probes?: Pick<Probes, 'start' | 'setFaultActive' | 'stop' | 'close' | 'report' | 'recordings'>;
	/**
	 * Address that an application with its own traffic connects to: the drill then makes no traffic, and evaluates only probes
	 * and the wire. Undefined if the drill makes the traffic.
	 */
	readonly application?: string;
	/** The connections of an application. Undefined without one. */
	readonly wire?: Pick<WireRecord, 'begin' | 'setFaultActive' | 'end' | 'report' | 'findings'>;
	/** Lateness of this machine's timers since the drill was prepared. */
	machineLateMs(): Lateness;
	/** Calls the listener on every change of the cache's mode. Returns a function that removes it. */
	onMode(listener: (change: Pick<ModeChange, 'mode'>) => void): () => void;
	/** @throws {FaultRefusedError} The fault is not possible on this server. */
	applyFault(fault: Fault): Promise<ActiveFault>;
	/** Resolves when the fault is no longer active. */
	liftFault(id: number): Promise<unknown>;
	/** True while a fault is active: some end by themselves. */
	isActive(id: number): boolean;
	/** The error of a fault that failed or ended early. Undefined if it had its full effect. */
	failureOf(id: number): Error | undefined;
};
