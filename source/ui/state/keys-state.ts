import {emptyLine, type Line} from '../input/line-editor.js';

/** One key, as the engine's `keys` command lists it. */
export type KeyRow = {
	readonly key: string;
	readonly type: string;
	readonly ttlMs: number | undefined;
	readonly bytes: number | undefined;
};

export type SortOrder = 'found' | 'name' | 'size' | 'ttl';

export type KeysState = {
	/** A glob of Redis, as it was last asked. */
	readonly pattern: string;
	readonly filter: Line;
	readonly isFiltering: boolean;
	readonly rows: readonly KeyRow[];
	/** Where the next page begins; undefined: there is none. */
	readonly cursor: string | undefined;
	readonly load:
		| {readonly kind: 'idle'}
		| {readonly kind: 'loading'}
		| {readonly kind: 'failed'; readonly message: string}
		| {readonly kind: 'loaded'; readonly at: number};
	readonly selected: number;
	readonly marked: ReadonlySet<string>;
	readonly sort: SortOrder;
	/** The key that is open, and what the engine says of it. */
	readonly open:
		| {readonly key: string; readonly lines: readonly string[] | undefined; readonly top: number}
		| undefined;
};

export const initialKeys: KeysState = {
	pattern: '*',
	filter: emptyLine,
	isFiltering: false,
	rows: [],
	cursor: undefined,
	load: {kind: 'idle'},
	selected: 0,
	marked: new Set(),
	sort: 'found',
	open: undefined,
};

/** Rows kept for the screen; a larger keyspace is narrowed with a filter. */
export const keyRowLimit = 10_000;

export const sortOrders: readonly SortOrder[] = ['found', 'name', 'size', 'ttl'];

const comparers: Readonly<Record<SortOrder, ((a: KeyRow, b: KeyRow) => number) | undefined>> = {
	found: undefined,
	name: (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
	size: (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1),
	ttl: (a, b) => (a.ttlMs ?? Number.POSITIVE_INFINITY) - (b.ttlMs ?? Number.POSITIVE_INFINITY),
};

/** The rows in the order in which they are shown. */
export function sortedRows(state: KeysState): readonly KeyRow[] {
	const comparer = comparers[state.sort];
	return comparer ? [...state.rows].sort(comparer) : state.rows;
}
