import type {Namespace} from '../keys/namespace.js';

/** A change that may not have reached Redis. */
export type DirtyChange = {
	/** Server time in µs, certainly not earlier than the change: what was obtained at or before it must be removed. */
	readonly asOf: number;
	/** Local time from which the lost command can no longer take effect. Nothing is reconciled before it. */
	readonly finalAt: number;
};

/** The latest of the times of two changes of the same name. */
export function latestOf(a: DirtyChange | undefined, b: DirtyChange): DirtyChange {
	if (a === undefined) return b;
	return {asOf: Math.max(a.asOf, b.asOf), finalAt: Math.max(a.finalAt, b.finalAt)};
}

/** A name in the journal stands for an entry or for a marker. */
export type DirtyKind = 'key' | 'marker';

/** Names of a namespace that the journal needs. */
export type NamespaceNames = Pick<Namespace, 'generationKey' | 'entryPrefix'>;

/** How a change was noted. */
export type Noted =
	/** There was room. */
	| 'noted'
	/** The journal was full. A namespace is invalidated when lost nodes are back: those with dirty keys of it, or with its markers. */
	| 'folded'
	/** The journal was full. The namespace of the change is to be invalidated. */
	| 'overflowed';

/** Keeps the journal beyond the life of the process. */
export type JournalStore = {
	/** May throw: the store tries again by itself. */
	noted(kind: DirtyKind, name: string, change: DirtyChange): void;
	/** Does not throw. */
	reconciled(kind: DirtyKind, name: string): void;
	/** Nothing is dirty any more. */
	emptied(): void;
	close(): void;
};
