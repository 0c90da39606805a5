import type {CacheSnapshot, Mode} from '../../metrics/snapshot.js';
import type {
	ClockStepEvent,
	CoherenceEvent,
	LoadEvent,
	ModeEvent,
	NodeEvent,
	PoolEvent,
	ReconcileEvent,
	RestrictionEvent,
} from '../api/cache-events.js';

/*
 * The messages between a process and its viewers: one JSON object on each line. The process sends the first message, `hello`.
 * Values of keys are only in the replies to calls, which a process accepts only if its options allow it.
 */

/** Raised when a viewer of one version could misread a process of another. */
export const liveProtocol = 1;

/** Longest line from a viewer, in bytes. A longer one ends the connection. */
export const maxRequestBytes = 1_048_576;

export type ProcessFacts = {
	readonly pid: number;
	/** Of this package. */
	readonly version: string;
	/** Of Node.js: `22.11.0`. */
	readonly node: string;
	/** Unix time in milliseconds. */
	readonly startedAt: number;
};

/** A cache that can be watched. */
export type PublishedCache = {
	/** Unique in the process. */
	readonly id: number;
	readonly name: string;
	readonly namespace: string;
	/** First part of every Redis key. */
	readonly prefix: string;
	/** Without credentials. */
	readonly url: string;
	readonly mode: Mode;
	/** Unix time in milliseconds. */
	readonly startedAt: number;
	/** True if calls of viewers are accepted. */
	readonly commands: boolean;
};

export type Hello = {
	readonly type: 'hello';
	readonly protocol: number;
	readonly process: ProcessFacts;
	readonly caches: readonly PublishedCache[];
};

/** A load that has ended. */
export type SlowLoad = {
	readonly namespace: string;
	readonly key: string;
	/** Duration of the loader, in milliseconds. */
	readonly ms: number;
	/** When it ended, Unix time in milliseconds. */
	readonly at: number;
	readonly outcome: LoadEvent['outcome'];
};

/** A load in progress: it waits for its lease, for a slot, or for its loader. */
export type RunningLoad = {
	readonly namespace: string;
	readonly key: string;
	/** Time since it began, in milliseconds. */
	readonly ms: number;
};

export type LiveLoads = {
	/** Loads in progress. */
	readonly inFlight: number;
	/** Running loaders. */
	readonly running: number;
	/** Loads that wait for a slot, since the limit of concurrent loaders is reached. */
	readonly waiting: number;
	/** Limit of concurrent loaders; undefined if there is none. */
	readonly limit: number | undefined;
	/** The longest-running loads in progress, at most ten. */
	readonly oldest: readonly RunningLoad[];
	/** The slowest loads of the last ten minutes, at most twenty, and one for each key. */
	readonly slowest: readonly SlowLoad[];
};

/** An event of the cache, with the payload of the event of the same name. */
export type Notice =
	| {readonly event: 'mode'; readonly payload: ModeEvent}
	| {readonly event: 'node'; readonly payload: NodeEvent}
	| {readonly event: 'restriction'; readonly payload: RestrictionEvent}
	| {readonly event: 'reconcile'; readonly payload: ReconcileEvent}
	| {readonly event: 'coherence'; readonly payload: CoherenceEvent}
	| {readonly event: 'clockStep'; readonly payload: ClockStepEvent}
	| {readonly event: 'pool'; readonly payload: PoolEvent}
	| {
			readonly event: 'error';
			readonly payload: {readonly operation: string; readonly code: string; readonly message: string};
	  }
	/** A load that failed, or took at least a second. */
	| {readonly event: 'load'; readonly payload: SlowLoad};

/** The state of a watched cache, with the events since the previous message. */
export type CacheState = {
	readonly type: 'state';
	readonly cache: CacheSnapshot;
	readonly loads: LiveLoads;
	readonly notices: readonly Notice[];
	/** Notices that were dropped because there were too many. */
	readonly lostNotices: number;
};

/** A call on the cache. `ttlMs`: milliseconds. */
export type LiveCall =
	| {readonly name: 'get' | 'has' | 'ttl' | 'touch'; readonly key: string}
	| {readonly name: 'mget' | 'del'; readonly keys: readonly string[]}
	| {
			readonly name: 'set';
			readonly key: string;
			readonly value: unknown;
			readonly ttlMs?: number;
			readonly tags: readonly string[];
	  }
	| {readonly name: 'expire'; readonly key: string; readonly ttlMs: number}
	| {readonly name: 'invalidate'; readonly tags: readonly string[]}
	| {readonly name: 'clear' | 'flush'};

export type LiveReply =
	| {readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown}
	| {
			readonly type: 'reply';
			readonly id: number;
			readonly ok: false;
			readonly code: string;
			readonly message: string;
	  };

/** The last message of a process on a connection. */
export type Goodbye = {readonly type: 'end'; readonly reason: string};

export type ProcessMessage = Hello | CacheState | LiveReply | Goodbye;

/** A message of a viewer: first the cache to watch, once; then calls on it. */
export type ViewerMessage =
	| {readonly type: 'watch'; readonly cache: number}
	| {readonly type: 'call'; readonly id: number; readonly call: LiveCall};
