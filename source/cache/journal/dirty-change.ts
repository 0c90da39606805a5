import type {Namespace} from '../keys/namespace.js';

/** A change that may not have reached Redis. */
export type DirtyChange = {
	/** Server time in µs, certainly not earlier than the change: an entry that was obtained at or before it must be removed. */
	readonly asOf: number;
	/** Local time from which the lost command can no longer take effect. Nothing is reconciled before it. */
	readonly finalAt: number;
};

/** Merges two changes of the same name: the later of each of their times. */
export function latestOf(a: DirtyChange | undefined, b: DirtyChange): DirtyChange {
	if (a === undefined) return b;
	return {asOf: Math.max(a.asOf, b.asOf), finalAt: Math.max(a.finalAt, b.finalAt)};
}

/** A name in the journal is that of an entry or of a marker. */
export type DirtyKind = 'key' | 'marker';

/** The Redis key names of a namespace that the journal needs. */
export type NamespaceNames = Pick<Namespace, 'generationKey' | 'entryPrefix'>;

/** How a change was noted. */
export type Noted =
	/** There was room. */
	| 'noted'
	/**
	 * The journal was full. The dirty keys of a lost node were replaced by one invalidation of their namespace, which is made
	 * when that node is back.
	 */
	| 'folded'
	/** The journal was full. The whole namespace of the change is invalidated instead. */
	| 'overflowed';

/** Persists the journal, so that it survives the process. */
export type JournalStore = {
	/** May throw: the store tries again by itself. */
	noted(kind: DirtyKind, name: string, change: DirtyChange): void;
	/** Does not throw. */
	reconciled(kind: DirtyKind, name: string): void;
	/** Nothing is dirty any more. */
	emptied(): void;
	close(): void;
};
