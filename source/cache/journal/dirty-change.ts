import type {Namespace} from '../keys/namespace.js';

/** A change that may not have reached Redis. */
export type DirtyChange = {
	/** Server time in µs, certainly not earlier than the change: what was obtained at or before it must be removed. */
	readonly asOf: number;
	/** Local time from which the lost command can no longer take effect. Nothing is reconciled before it. */
	readonly finalAt: number;
};

/** A name in the journal stands for an entry or for a marker. */
export type DirtyKind = 'key' | 'marker';

/** Names of a namespace that the journal needs. */
export type NamespaceNames = Pick<Namespace, 'generationKey' | 'entryPrefix'>;

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
