import type {DrillSnapshot} from '../drills/drill-snapshot.js';
import type {ProbeSpec} from '../drills/probe/probe-spec.js';
import type {DrillRecording} from '../drills/recording/drill-recording.js';
import type {SubjectSpec} from '../drills/subject/subject-spec.js';
import type {TopologyKind} from '../embedded/topology/topology-kind.js';
import type {ActiveFault, PastFault} from '../faults/fault.js';
import type {KeyTtls} from '../inspect/keys/key-ttls.js';
import type {ActivitySnapshot} from '../inspect/server/activity/server-activity.js';
import type {ServerSnapshot} from '../inspect/server/info/server-info.js';
import type {CacheSnapshot} from '../metrics/snapshot.js';
import type {Finding} from '../tap/findings/finding.js';
import type {TrafficCourse} from '../tap/timeline/traffic-timeline.js';
import type {WorkloadMix, WorkloadSnapshot} from '../workload/workload-snapshot.js';
import type {ApplicationSnapshot} from './application-snapshot.js';
import type {AttachTarget} from './attached/attach-target.js';
import type {AttachedSnapshot} from './attached/attached-snapshot.js';
import type {WriteKind} from './consent/write-kind.js';
import type {EngineError} from './engine-error.js';
import type {CommandCall, CommandReply} from './specs/command-calls.js';
import type {CommandName} from './specs/command-specs.js';
import type {NamedConnection, TlsFiles} from './target/connection.js';
import type {TargetSnapshot} from './target-snapshot.js';

export type {LiveLoads, RunningLoad, SlowLoad} from '../cache/live/messages.js';
export type {DrillExpectationSnapshot, DrillSnapshot} from '../drills/drill-snapshot.js';
export type {DrillRecording} from '../drills/recording/drill-recording.js';
export type {KeyTtls} from '../inspect/keys/key-ttls.js';
export type {ServerFigures} from '../inspect/server/activity/figures.js';
export type {ActivitySnapshot} from '../inspect/server/activity/server-activity.js';
export type {Verdict} from '../inspect/server/activity/verdict.js';
export type {ServerSnapshot} from '../inspect/server/info/server-info.js';
export type {Finding, FindingId, FindingLevel} from '../tap/findings/finding.js';
export type {LiveConnection, TapSnapshot} from '../tap/snapshot.js';
export type {TrafficSlot} from '../tap/timeline/traffic-slot.js';
export type {TrafficCourse} from '../tap/timeline/traffic-timeline.js';
export type {WorkloadMix, WorkloadSnapshot} from '../workload/workload-snapshot.js';
export type {ApplicationOutage, ApplicationSnapshot} from './application-snapshot.js';
export type {AttachedSnapshot} from './attached/attached-snapshot.js';
export type {TargetSnapshot} from './target-snapshot.js';

export type EngineEventLevel = 'debug' | 'info' | 'warn' | 'error';

/** The part of the program that an event is about. `error`: a command of the cache failed. */
export type EngineEventTopic =
	| 'mode'
	| 'fault'
	| 'pool'
	/** The application behind the tap: findings, and its behavior in an outage. */
	| 'application'
	| 'journal'
	| 'workload'
	| 'command'
	| 'server'
	| 'drill'
	| 'error';

export type EngineEvent = {
	/** Grows by one with each event. */
	readonly id: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly level: EngineEventLevel;
	readonly topic: EngineEventTopic;
	readonly text: string;
	/** Number of repetitions. A repetition is sent as the same id with a higher count. */
	readonly count: number;
	/** Time of the last repetition, Unix time in milliseconds. */
	readonly lastAt: number;
};

/**
 * Subject of the overview:
 *
 * - `cache`: the cache of this program with its traffic
 * - `server`: a server and the applications on it
 * - `application`: one application, behind the tap. No traffic of this program runs
 * - `process`: the cache of a live process. This program has no Redis then
 */
export type Source = 'cache' | 'server' | 'application' | 'process';

/** The immutable, serializable state of everything. The engine sends one a few times a second. */
export type EngineSnapshot = {
	readonly seq: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly startedAt: number;
	readonly target: TargetSnapshot;
	readonly source: Source;
	/**
	 * URL with its password of a server that this program started, for people to copy; undefined for another one, whose
	 * password is not shown. Not for files.
	 */
	readonly privateUrl: string | undefined;
	readonly readOnly: boolean;
	/** Most keys that scans visit in a second. */
	readonly scanRate: number;
	/** Keys that scans have visited in a second when `scanRate` did not limit them. Undefined if not known yet. */
	readonly scanReached?: number | undefined;
	readonly namespace: string;
	/** Prefix of the names of cache entries in Redis. */
	readonly keyPrefix: string;
	readonly cache: CacheSnapshot;
	/** The last answer of the server, which may be old while the server is unreachable. */
	readonly server: ServerSnapshot | undefined;
	/** The activity of the server for applications, without that of this program. */
	readonly activity: ActivitySnapshot;
	readonly workload: WorkloadSnapshot;
	/** The current operation on many keys, with its progress: `deleting user:*: 1200 keys so far`. */
	readonly sweep: string | undefined;
	/** Active faults. */
	readonly faults: readonly ActiveFault[];
	/** The latest lifted faults, oldest first. */
	readonly pastFaults: readonly PastFault[];
	readonly drill: DrillSnapshot | undefined;
	/** Remaining TTLs: of a sample of Redis if there is a recent one, else of the memory tier. */
	readonly ttl: KeyTtls;
	/** The application behind the tap; undefined without one. */
	readonly application: ApplicationSnapshot | undefined;
	/** The live process that this program is attached to; undefined without one. */
	readonly attached: AttachedSnapshot | undefined;
	/** Findings about the settings of a server that this program did not start; with a tap, those of `application` have them. */
	readonly serverFindings: readonly Finding[];
	/** New or repeated since the previous snapshot, bounded. */
	readonly events: readonly EngineEvent[];
};

/** A request to the engine. The reply has the same `id`. */
export type EngineRequest =
	| {readonly type: 'command'; readonly id: number; readonly call: CommandCall}
	/** Completes the word at `index` after the name of a command, from live data: key names, drills, faults. */
	| {
			readonly type: 'complete';
			readonly id: number;
			readonly name: string;
			readonly index: number;
			readonly prefix: string;
	  }
	/** Requests the course of the running drill, else of the last one. */
	| {readonly type: 'recording'; readonly id: number}
	/** Requests the course of the application's traffic. */
	| {readonly type: 'course'; readonly id: number}
	/** Sets the number of snapshots a second; 0 pauses them. */
	| {readonly type: 'rate'; readonly hz: number}
	| {readonly type: 'close'; readonly id: number};

export type EngineMessage =
	| {readonly type: 'ready'}
	| {readonly type: 'snapshot'; readonly snapshot: EngineSnapshot}
	| {readonly type: 'reply'; readonly id: number; readonly reply: CommandReply}
	| {readonly type: 'completions'; readonly id: number; readonly items: readonly string[]}
	| {readonly type: 'recording'; readonly id: number; readonly recording: DrillRecording | undefined}
	| {readonly type: 'course'; readonly id: number; readonly course: TrafficCourse | undefined}
	| {readonly type: 'closed'; readonly id: number}
	/** The engine cannot continue: print `message`, exit with `exitCode`. */
	| {readonly type: 'fatal'; readonly code: string; readonly message: string; readonly exitCode: number};

/** The engine as seen from the main thread. */
export type EngineClient = {
	/** Text for the time before the first snapshot, in a few words. Default: starting. */
	readonly starting?: string;
	/** The subject of the first snapshot, before it arrives. Default: the cache. */
	readonly firstSource?: Source;
	/** The newest snapshot; undefined before the first one. */
	latest(): EngineSnapshot | undefined;
	/** @returns a function that removes the listener. */
	subscribe(listener: (snapshot: EngineSnapshot) => void): () => void;
	/** Runs a command. Never rejects: an error is a reply with `ok: false`. */
	run<Name extends CommandName>(call: CommandCall<Name>): Promise<CommandReply<Name>>;
	/** Completes the word at `index` after the name of a command. Never rejects. */
	complete(name: string, index: number, prefix: string): Promise<readonly string[]>;
	/** The course of the running drill, else of the last one; undefined if there is none. Never rejects. */
	drillRecording(): Promise<DrillRecording | undefined>;
	/** The course of the application's traffic since the tap began; undefined without one. Never rejects. */
	trafficCourse(): Promise<TrafficCourse | undefined>;
	/** Sets the number of snapshots a second; 0 pauses them. */
	setRate(hz: number): void;
	/**
	 * Calls the listener once when the engine cannot continue; the error carries the exit code of the program. Never
	 * after `close`.
	 */
	onFatal(listener: (error: EngineError) => void): () => void;
	/** Resolves when the engine's server, sockets and thread are gone. */
	close(): Promise<void>;
};

/** Serializable: crosses into the worker thread. */
export type EngineOptions = {
	/** Undefined: start a private server, unless there is a `connection`. */
	readonly url?: string;
	/** TLS files for the server at `url`, and for those that `connect` switches to. */
	readonly tls?: TlsFiles;
	/** Milliseconds that commands of the cache may take. Default 200. */
	readonly deadlineMs?: number;
	/** Connections that `connect` knows by their names. */
	readonly connections?: readonly NamedConnection[];
	/** Name of the connection to begin with, instead of `url`. */
	readonly connection?: string;
	/** Starts a private cluster or Sentinel set-up. Default: a single private server. */
	readonly topology?: TopologyKind;
	/** True: use the built-in server as the private server even where a Redis is installed. */
	readonly embedded: boolean;
	/** Start the private server so that its clock can be set, if libfaketime is installed. Default false. */
	readonly setsClock?: boolean;
	/** Refuse commands that write. A named connection has its own setting. */
	readonly readOnly: boolean;
	readonly namespace: string;
	readonly workload: {
		readonly running: boolean;
		/** Calls a second. */
		readonly rate: number;
		readonly keys: number;
		readonly mix?: WorkloadMix;
		readonly seed?: number;
	};
	/** Snapshots a second. */
	readonly hz: number;
	/** True if only the server is shown: the cache is opened only if a command needs it. Default false. */
	readonly looksOnly?: boolean;
	/**
	 * Kinds of writes to the Redis at `url` that the command line has consented to. Default: none, so that each write needs
	 * consent.
	 */
	readonly consented?: readonly WriteKind[];
	readonly lanes?: number;
	/** Most keys that scans visit in a second. Default 20,000. */
	readonly scanRate?: number;
	/** Put the tap between an application and the server. Default: no tap. */
	readonly tap?: {
		readonly listen: {readonly host: string; readonly port: number};
		/** Show hashes instead of the names of keys. */
		readonly hideKeys: boolean;
	};
	/** Show the cache of a live process, and open no Redis. */
	readonly attach?: AttachTarget;
	/** The cache that drills run on. Default: that of this program. */
	readonly subject?: SubjectSpec;
	/** Pages of an application that drills request all the time. */
	readonly probes?: readonly ProbeSpec[];
	/** Port of the fault proxy on 127.0.0.1 for an application. Default: none, or any if there is a subject. */
	readonly proxyPort?: number;
	/** Show hashes instead of the names of keys of an application that drills run on. Default false. */
	readonly hideKeys?: boolean;
};
