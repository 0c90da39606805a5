import type {ModeChange} from '../../metrics/snapshot.js';

/** What an event about one key says. */
export type KeyEvent = {
	/** Of the cache, or of `cache.namespace(…)`. */
	readonly namespace: string;
	/** As the caller gave it: without prefix and namespace. */
	readonly key: string;
};

/** A read was answered, with a value or with a remembered "not there". */
export type HitEvent = KeyEvent & {
	/** What answered. */
	readonly source: 'memory' | 'redis';
	/** Past its TTL, served within `grace`. */
	readonly stale: boolean;
};

/** A change was made. */
export type WriteEvent = KeyEvent & {
	/** Where. `memory`: Redis could not be reached in time; the key is in the journal. */
	readonly stored: 'redis' | 'memory';
};

/** A loader has run. */
export type LoadEvent = KeyEvent & {
	/** Milliseconds, until the value was there or the load was given up; storing it is not counted. */
	readonly durationMs: number;
	/** `absent`: it returned `undefined`. `timeout`: it took longer than `hardTimeout`. */
	readonly outcome: 'loaded' | 'absent' | 'failed' | 'timeout';
	/** What it threw, or the `LoaderTimeoutError`. */
	readonly error?: unknown;
};

/** Something went wrong on the way to Redis, in Redis, or with bytes from it. No call rejects because of it, unless it is strict. */
export type FailureEvent = {
	/**
	 * What was being done: `get` (any read), `set`, `delete`, `expire`, `touch`, `invalidate`, `lease`, `fill` and `release` (of a
	 * load), `reconcile`, `decode` (a value that cannot be read, counted as a miss), `journal` (it is full).
	 */
	readonly operation: string;
	/** One of the classes of this package, as far as it comes from it. */
	readonly error: Error;
};

/** The degradation mode has changed. */
export type ModeEvent = ModeChange & {
	/** The one before. */
	readonly previous: ModeChange;
};

/** Keys of the journal were reconciled: what Redis had of them was removed unless it was newer. */
export type ReconcileEvent = {
	/** How many there were. */
	readonly keys: number;
	/** Keys whose value in Redis was newer, written by another process, and stayed. */
	readonly kept: number;
	/** Whether whole namespaces or tags were invalidated: `clear` or `invalidateTags` while Redis was away, or a full journal. */
	readonly overflowed: boolean;
	/** Milliseconds. */
	readonly durationMs: number;
};

/** A connection of the pool came or went. */
export type PoolEvent = {
	/** Number of the lane, from 0. */
	readonly lane: number;
	/** `reset`: closed on purpose, because too many deadlines in a row were missed. */
	readonly type: 'ready' | 'lost' | 'reset';
	/** Why, in a few words. */
	readonly reason: string;
};

/** Events of a cache and what their listeners get. Listeners run synchronously; one that throws is reported as a process warning and breaks nothing. */
export type CacheEvents = {
	/** A read was answered with a value, or with a remembered "not there". */
	readonly hit: HitEvent;
	/** A read found nothing, or nothing fresh. Once for each call. */
	readonly miss: KeyEvent;
	/** A value was set; the fills of loaders are not told of here. */
	readonly set: WriteEvent;
	/** A value was deleted. */
	readonly delete: WriteEvent;
	/** The memory tier dropped an entry for want of room. */
	readonly evict: KeyEvent;
	/** A loader has run. */
	readonly load: LoadEvent;
	/** Something went wrong with Redis. Nobody has to listen. */
	readonly error: FailureEvent;
	/** The mode has changed. */
	readonly mode: ModeEvent;
	/** Keys of the journal were reconciled. */
	readonly reconcile: ReconcileEvent;
	/** A connection came or went. */
	readonly pool: PoolEvent;
};
