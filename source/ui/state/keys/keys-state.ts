import type {InspectedKey} from '../../../engine/specs/server-specs.js';
import type {KeyRow} from '../../../inspect/keys/describe-keys.js';
import {type Filter, noFilter} from '../filter.js';
import {type KeyTree, rootTree, type TreeLine, treeLines} from './key-tree.js';

/** `found` and `name` sort the loaded keys; `size` and `ttl` search all keys for the first ones in that order. */
export type SortOrder = 'found' | 'name' | 'size' | 'ttl';

/** The key whose value is shown. */
export type OpenKey = {
	readonly key: string;
	/** The value, or the reason why it cannot be shown. Undefined until the engine has answered. */
	readonly lines: readonly string[] | undefined;
	readonly details: InspectedKey | undefined;
	/** When the value was read, and when it was last checked for changes; Unix time in milliseconds. */
	readonly readAt: number;
	readonly peekedAt: number;
	/** The first line shown. */
	readonly top: number;
	/** The deepest level of JSON that is shown; undefined: all of it. */
	readonly level: number | undefined;
	/** The search in the value. */
	readonly filter: Filter;
	/** The progress of loading or searching a collection or a long string. */
	readonly elements: {
		/** Grows with each request, so that a page of an earlier one is recognized. */
		readonly id: number;
		/** Start of the next page; undefined: all are loaded. */
		readonly cursor: string | undefined;
		/** Elements that the search has visited. */
		readonly scanned: number;
		readonly isLoading: boolean;
		/** Number of lines at which a search stops by itself. */
		readonly wanted: number;
	};
};

/** The progress of the scan for the list. */
export type Scan = {
	/** Grows with each scan, so that a page of an earlier one is recognized. */
	readonly id: number;
	/** Keys visited so far, about. */
	readonly scanned: number;
	/** Keys in the database; undefined until the server has reported it. */
	readonly total: number | undefined;
	/** Milliseconds that the pages took, without pauses. */
	readonly tookMs: number;
	/** Number of rows at which the scan stops by itself. */
	readonly wanted: number;
};

export type KeysState = {
	readonly shape: 'list' | 'tree';
	/** The glob of the loaded keys. */
	readonly pattern: string;
	readonly filter: Filter;
	readonly rows: readonly KeyRow[];
	/** Start of the next page; undefined: all keys are loaded. */
	readonly cursor: string | undefined;
	readonly scan: Scan;
	readonly load:
		| {readonly kind: 'idle'}
		| {readonly kind: 'loading'}
		/** Stopped by the user, or because another view is shown. */
		| {readonly kind: 'paused'}
		/** The sort order needs a scan of a large keyspace, which the user has not confirmed yet. */
		| {readonly kind: 'asking'}
		| {readonly kind: 'failed'; readonly message: string}
		/** `at`: Unix time in milliseconds. */
		| {readonly kind: 'loaded'; readonly at: number};
	readonly selected: number;
	readonly marked: ReadonlySet<string>;
	readonly sort: SortOrder;
	readonly tree: KeyTree;
	readonly open: OpenKey | undefined;
};

export const initialKeys: KeysState = {
	shape: 'list',
	pattern: '*',
	filter: noFilter,
	rows: [],
	cursor: undefined,
	scan: {id: 0, scanned: 0, total: undefined, tookMs: 0, wanted: 0},
	load: {kind: 'idle'},
	selected: 0,
	marked: new Set(),
	sort: 'found',
	tree: rootTree,
	open: undefined,
};

/** Most rows that are kept. For a larger keyspace, the user can set a filter. */
export const keyRowLimit = 10_000;

/**
 * Most rows of a list by size or TTL. Each page contains only the first rows of its part of the keyspace, so that later ranks
 * would not be reliable.
 */
export const rankedLimit = 200;

/** Number of keys in a database from which on sorting by size or TTL, which visits all of them, needs a confirmation. */
export const largeKeyspace = 100_000;

/** Rows that a scan looks for before it stops. */
export const pageRows = 200;

export const sortOrders: readonly SortOrder[] = ['found', 'name', 'size', 'ttl'];

export const isRanked = (sort: SortOrder): sort is 'size' | 'ttl' => sort === 'size' || sort === 'ttl';

const comparers: Readonly<Record<SortOrder, ((a: KeyRow, b: KeyRow) => number) | undefined>> = {
	found: undefined,
	name: (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
	size: (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1),
	ttl: (a, b) => (a.ttlMs ?? Number.POSITIVE_INFINITY) - (b.ttlMs ?? Number.POSITIVE_INFINITY),
};

/** Sorts rows. Returns the same array for `found`. */
export function sortRows(rows: readonly KeyRow[], sort: SortOrder): readonly KeyRow[] {
	const comparer = comparers[sort];
	return comparer ? [...rows].sort(comparer) : rows;
}

/** The selected line of the tree. */
export function selectedTreeLine({tree}: KeysState): TreeLine | undefined {
	const lines = treeLines(tree);
	return lines[Math.min(tree.selected, lines.length - 1)];
}

/** The selected key, with its data from the list. */
export function selectedRow(keys: KeysState): KeyRow | undefined {
	if (keys.shape === 'list') return keys.rows[keys.selected];
	const line = selectedTreeLine(keys);
	return line?.kind === 'key' ? line.row : undefined;
}

/** The name of the selected key. */
export const selectedKey = (keys: KeysState): string | undefined => selectedRow(keys)?.key;
