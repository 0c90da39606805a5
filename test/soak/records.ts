/** A change of one row by one call. A clear is one for each row of its namespace. */
export type ChangeRecord = {
	readonly type: 'change';
	readonly row: number;
	/** Of the origin, from this change on. */
	readonly version: number;
	readonly kind: string;
	readonly cache: string;
	/** Order of the calls of one cache. */
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
	/** What came: the version that it shows; that there is no such row; or a miss, which is never wrong. */
	readonly got: {readonly version: number; readonly by: 'set' | 'load'} | 'no such row' | 'miss';
	/** Of the origin, when the call ended. */
	readonly originVersion: number;
	/** Connected without a break, and nothing dirty, from start to end. */
	readonly clean: boolean;
	/** How long the process lately did not get to its work, in ms. */
	readonly sluggish: number;
};

/** The cache is connected and has nothing dirty: what it had acknowledged from memory is now known to Redis. */
export type CleanRecord = {readonly type: 'clean'; readonly cache: string; readonly at: number};

/** Something that must not happen, whatever the data says: a call that hangs, or rejects because of Redis. */
export type FailureRecord = {
	readonly type: 'failure';
	readonly cache: string;
	readonly at: number;
	readonly what: string;
};

/** For the history: modes, faults. */
export type NoteRecord = {readonly type: 'note'; readonly cache: string; readonly at: number; readonly text: string};

export type SoakRecord = ChangeRecord | ReadRecord | CleanRecord | FailureRecord | NoteRecord;
