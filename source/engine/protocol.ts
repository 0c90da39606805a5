import type {DrillSnapshot} from '../drills/drill-snapshot.js';
import type {ActiveFault, PastFault} from '../faults/fault.js';
import type {ServerSnapshot} from '../inspect/server-info.js';
import type {CacheSnapshot, TtlHistogram} from '../metrics/snapshot.js';
import type {WorkloadMix, WorkloadSnapshot} from '../workload/workload-snapshot.js';
import type {EngineError} from './engine-error.js';

/** The Redis that the cache works on. */
export type TargetSnapshot = {
	/** `private`: a server binary this program started; `built-in`: its own server; `external`: given with --url. */
	readonly kind: 'private' | 'built-in' | 'external';
	/** `redis-server`, `valkey-server`, `built-in server` or `redis`. */
	readonly name: string;
	/** Undefined until the server has told. */
	readonly version: string | undefined;
	/** Without credentials: `redis://127.0.0.1:41233/0`. */
	readonly url: string;
	readonly pid: number | undefined;
};

export type {DrillExpectationSnapshot, DrillSnapshot, DrillStepSnapshot} from '../drills/drill-snapshot.js';
export type {ServerSnapshot} from '../inspect/server-info.js';
export type {WorkloadMix, WorkloadSnapshot, WrongRead} from '../workload/workload-snapshot.js';

export type EngineEventLevel = 'debug' | 'info' | 'warn' | 'error';

export type EngineEvent = {
	/** Grows by one. */
	readonly id: number;
	readonly at: number;
	readonly level: EngineEventLevel;
	/** `mode`, `fault`, `pool`, `journal`, `workload`, `command`, `server`, `drill`, `error`. */
	readonly topic: string;
	readonly text: string;
	/** How often it was repeated since; the same id is sent again with a higher count. */
	readonly count: number;
	/** When it was last repeated, Unix time in milliseconds. */
	readonly lastAt: number;
};

/** One immutable, serialisable picture of everything. Sent a few times a second from the engine to the screen. */
export type EngineSnapshot = {
	readonly seq: number;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly startedAt: number;
	readonly target: TargetSnapshot;
	readonly readOnly: boolean;
	readonly namespace: string;
	/** What the names of the cache's entries begin with in Redis. */
	readonly keyPrefix: string;
	readonly cache: CacheSnapshot;
	/** The last answer of the server; older than a few seconds while it is away. */
	readonly server: ServerSnapshot | undefined;
	readonly workload: WorkloadSnapshot;
	readonly faults: readonly ActiveFault[];
	/** The latest of those that are over, oldest first, with the moment of their end. */
	readonly pastFaults: readonly PastFault[];
	readonly drill: DrillSnapshot | undefined;
	/** Of what is in the cache; from Redis when it can be sampled, else from the memory tier. */
	readonly ttl: TtlHistogram;
	/** New or changed since the last snapshot, bounded. */
	readonly events: readonly EngineEvent[];
};

/** A command with its arguments, as the palette splits a line: `{name: 'set', args: ['user:1', 'Ada', '5m']}`. */
export type CommandCall = {readonly name: string; readonly args: readonly string[]};

/**
 * What is in `data` of a command's reply, where a view needs it:
 *
 * | command | data |
 * | --- | --- |
 * | `keys [pattern] [cursor] [count]` | `KeyPage` |
 * | `inspect <key>` | `KeyDetails`, its preview with `parts` that can be edited; `entry`: `EntryFacts` of the cache's own |
 * | `tree [prefix] [cursor]` | `KeyTreePage`; pages are put together by `mergeKeyTree` |
 * | `top <size\|ttl> [pattern] [cursor]` | `RankedKeys`; stretches are put together by `mergeRankedKeys` |
 * | `count <pattern>` | `KeyCount`: for the question before a `sweep` |
 * | `remove <key…>` | `{deleted: number}`; entries of the cache are deleted through it |
 * | `sweep <pattern>` | `Swept`, when it is over; progress is an event; `sweep stop` ends it |
 * | `edit <key> <what> …` | none; a last word more than it needs is what must still be there |
 *
 * Keys are in full, as Redis has them, and printable (`printKey`); only the cache's own commands (`get`, `set`, `del` …)
 * take names without `keyPrefix`.
 */
export type CommandReply =
	/** `lines` are for people; `data` is for views and is serialisable. */
	| {readonly ok: true; readonly lines: readonly string[]; readonly data?: unknown}
	| {readonly ok: false; readonly code: string; readonly message: string};

/** What the screen or the report asks of the engine; `id` ties the answer to it. */
export type EngineRequest =
	| {readonly type: 'command'; readonly id: number; readonly call: CommandCall}
	/** Completions for the argument at `index` of a command, from live data (key names, drills, tags). */
	| {
			readonly type: 'complete';
			readonly id: number;
			readonly name: string;
			readonly index: number;
			readonly prefix: string;
	  }
	/** How often to send snapshots; 0 pauses them. */
	| {readonly type: 'rate'; readonly hz: number}
	| {readonly type: 'close'; readonly id: number};

export type EngineMessage =
	| {readonly type: 'ready'}
	| {readonly type: 'snapshot'; readonly snapshot: EngineSnapshot}
	| {readonly type: 'reply'; readonly id: number; readonly reply: CommandReply}
	| {readonly type: 'completions'; readonly id: number; readonly items: readonly string[]}
	| {readonly type: 'closed'; readonly id: number}
	/** The engine cannot go on: exit with `exitCode` after printing `message`. */
	| {readonly type: 'fatal'; readonly code: string; readonly message: string; readonly exitCode: number};

/** The engine as the main thread sees it. */
export type EngineClient = {
	/** The newest snapshot; the same object until the next one arrives. */
	latest(): EngineSnapshot | undefined;
	subscribe(listener: (snapshot: EngineSnapshot) => void): () => void;
	run(call: CommandCall): Promise<CommandReply>;
	complete(name: string, index: number, prefix: string): Promise<readonly string[]>;
	setRate(hz: number): void;
	/** Called once if the engine cannot go on; `error` has the exit code of the program. Never after `close`. */
	onFatal(listener: (error: EngineError) => void): () => void;
	/** Resolves when the engine's server, sockets and thread are gone. */
	close(): Promise<void>;
};

/** How to start the engine. Serialisable: it crosses into the worker thread. */
export type EngineOptions = {
	/** Undefined: start a private server. */
	readonly url?: string;
	readonly embedded: boolean;
	readonly readOnly: boolean;
	readonly namespace: string;
	readonly workload: {
		readonly running: boolean;
		readonly rate: number;
		readonly keys: number;
		readonly mix?: WorkloadMix;
		readonly seed?: number;
	};
	/** Snapshots a second. */
	readonly hz: number;
	readonly lanes?: number;
};
