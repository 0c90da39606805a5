import type {ModeChange, NodeCounts, NodeSnapshot, Restriction} from '../../metrics/snapshot.js';

/** The key that an event concerns. */
export type KeyEvent = {
	/** Namespace of the cache, or of `cache.namespace(…)`. */
	readonly namespace: string;
	/** The key as the caller gave it: without prefix and namespace. */
	readonly key: string;
};

/** A read found a value, or a remembered "not there". */
export type HitEvent = KeyEvent & {
	/** Where it was found. */
	readonly source: 'memory' | 'redis';
	/** True if it was past its TTL and served within `grace`. */
	readonly stale: boolean;
};

/** A key was changed. */
export type WriteEvent = KeyEvent & {
	/** Where the change was made. `memory`: Redis could not be reached in time; the key is in the journal. */
	readonly stored: 'redis' | 'memory';
};

/** A loader has run. */
export type LoadEvent = KeyEvent & {
	/** Milliseconds until the loader returned or was aborted, without the time for storing the value. */
	readonly durationMs: number;
	/**
	 * `absent`: the loader returned `undefined`. `kept`: it returned `keep()`. `timeout`: it took longer than
	 * `hardTimeout`.
	 */
	readonly outcome: 'loaded' | 'absent' | 'kept' | 'failed' | 'timeout';
	/** The error that the loader threw, or the `LoaderTimeoutError`. */
	readonly error?: unknown;
};

/** A failure: of the connection, of a command in Redis, or of decoding its bytes. Only strict calls reject because of it. */
export type FailureEvent = {
	/**
	 * The operation that failed: `get` (any read), `set`, `delete`, `expire`, `touch`, `invalidate`, the `lease`, `fill` and
	 * `release` of a load, `reconcile`, `decode` (a value that cannot be read, counted as a miss), `journal` (it is full, or
	 * its file cannot be written), `connect`.
	 */
	readonly operation: string;
	/** The error: of a class of this package, unless it was thrown by other code, such as a codec. */
	readonly error: Error;
};

/** The mode has changed. */
export type ModeEvent = ModeChange & {
	/** The mode before. */
	readonly previous: ModeChange;
	/** The nodes of a cluster. */
	readonly nodes?: NodeCounts;
};

/**
 * The mode of a node of a cluster has changed. While others are in use, the mode of the cache is `connected`, and only the keys
 * of this node are answered without Redis.
 */
export type NodeEvent = ModeChange &
	Omit<NodeSnapshot, 'mode' | 'coherence'> & {
		/** The mode of the node before. */
		readonly previous: ModeChange;
		/** The nodes in use, and all of them. */
		readonly nodes: NodeCounts;
	};

/** Redis began to refuse reads or writes although it is in use, or refuses them no more. */
export type RestrictionEvent = Restriction & {
	/** True when the restriction has ended: a command of this kind has succeeded, and none was refused for two seconds. */
	readonly isOver: boolean;
};

/** Keys of the journal were reconciled: their entries in Redis were removed, unless they were newer. */
export type ReconcileEvent = {
	/** Number of keys. */
	readonly keys: number;
	/** Number of keys that another process had written since, and that were therefore kept. */
	readonly kept: number;
	/**
	 * True if whole namespaces or tags were invalidated: after `clear` or `invalidateTags` while Redis was away, or after the
	 * journal overflowed.
	 */
	readonly overflowed: boolean;
	/** Duration in milliseconds. */
	readonly durationMs: number;
};

/** With `memory.coherence: 'auto'`: Redis now announces changes in another way, because that costs it less. */
export type CoherenceEvent = {
	/**
	 * The new way. `broadcast`: to every process. `tracked`: to the processes that have read the changed key. `bypass`: changes
	 * of entries to none. Each read then asks Redis, because memory answered hardly any.
	 */
	readonly coherence: 'broadcast' | 'tracked' | 'bypass';
	/** The measurement that decided, in a few words. */
	readonly reason: string;
};

/**
 * The clock of Redis has jumped compared with the monotonic clock of this process: the server's clock was set, a replica with
 * another clock has taken over, or this machine was suspended. No action is needed: invalidations do not depend on clocks, and
 * deadlines of later writes use the new time. Changes in flight may miss their deadline when a clock is set ahead: they resolve
 * with `{stored: 'memory'}`, and are reconciled. Frequent steps indicate a clock that is not synchronized.
 */
export type ClockStepEvent = {
	/** Milliseconds by which the server's clock has jumped, at least 10; negative: backward. */
	readonly ms: number;
	/** Address of the node; only in a cluster. */
	readonly node?: string;
};

/** A connection of the pool opened or closed. */
export type PoolEvent = {
	/** Number of the lane, from 0. */
	readonly lane: number;
	/** `reset`: closed on purpose, for instance because too many deadlines in a row were missed. */
	readonly type: 'ready' | 'lost' | 'reset';
	/** The reason in a few words. */
	readonly reason: string;
};

/**
 * Events of a cache and their payloads. Listeners run synchronously; one that throws causes a process warning and nothing
 * else.
 */
export type CacheEvents = {
	/** A read found a value, or a remembered "not there". */
	readonly hit: HitEvent;
	/** A read found nothing, or nothing fresh. Once for each call. */
	readonly miss: KeyEvent;
	/** A value was set. Values stored by loaders are not included. */
	readonly set: WriteEvent;
	/** A value was deleted. */
	readonly delete: WriteEvent;
	/** The memory tier dropped an entry to make room. */
	readonly evict: KeyEvent;
	/** A loader has run. */
	readonly load: LoadEvent;
	/** Something failed. Listening is optional. */
	readonly error: FailureEvent;
	/** The mode has changed. */
	readonly mode: ModeEvent;
	/** A node of a cluster went out of use, or is back. */
	readonly node: NodeEvent;
	/** Redis began to refuse reads or writes although it is in use, or refuses them no more. */
	readonly restriction: RestrictionEvent;
	/** Keys of the journal were reconciled. */
	readonly reconcile: ReconcileEvent;
	/** Redis now announces changes in another way. */
	readonly coherence: CoherenceEvent;
	/** The clock of Redis has jumped. */
	readonly clockStep: ClockStepEvent;
	/** A connection opened or closed. */
	readonly pool: PoolEvent;
};
