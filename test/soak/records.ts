/** A change of one row by one call. A clear is a change of each row of its namespace. */
export type ChangeRecord = {
	readonly type: 'change';
	readonly row: number;
	/** Version in the origin from this change on. */
	readonly version: number;
	readonly kind: string;
	/** True if older values may still be served as stale ones. */
	readonly soft: boolean;
	readonly cache: string;
	/** Number in the order of the cache's calls. */
	readonly turn: number;
	readonly start: number;
	readonly end: number;
	readonly stored: 'redis' | 'memory';
};

export type ReadRecord = {
	readonly type: 'read';
	readonly row: number;
	readonly kind: string;
	readonly cache: string;
	readonly turn: number;
	readonly start: number;
	readonly end: number;
	/** The result: a version; that there is no such row; or a miss, which is never wrong. */
	readonly got: {readonly version: number; readonly by: 'set' | 'load'} | 'no such row' | 'miss';
	/** True if the cache said that the value is not stale. */
	readonly fresh: boolean;
	/** Version in the origin when the call ended. */
	readonly originVersion: number;
	/** True if the cache was connected with nothing dirty from start to end. */
	readonly clean: boolean;
	/** Longest recent delay of the process's event loop, in ms. */
	readonly sluggish: number;
};

/** The cache is connected with nothing dirty: what it had stored in memory only is now in Redis. */
export type CleanRecord = {readonly type: 'clean'; readonly cache: string; readonly at: number};

/** A fault whatever the data: a call that hangs, or rejects because of Redis. */
export type FailureRecord = {
	readonly type: 'failure';
	readonly cache: string;
	readonly at: number;
	readonly what: string;
};

/** For the history: modes and faults. */
export type NoteRecord = {readonly type: 'note'; readonly cache: string; readonly at: number; readonly text: string};

export type SoakRecord = ChangeRecord | ReadRecord | CleanRecord | FailureRecord | NoteRecord;
