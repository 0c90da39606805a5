import {emptyLine, type Line} from '../input/line-editor.js';
import {type KeyTree, rootTree} from './keys-tree.js';
import type {KeyFacts} from './reply-data.js';

/** One key, as the engine's `keys` command lists it. */
export type KeyRow = {
	readonly key: string;
	readonly type: string;
	readonly ttlMs: number | undefined;
	readonly bytes: number | undefined;
};

/** `found` and `name` order what has been listed; `size` and `ttl` look for the first of all keys. */
export type SortOrder = 'found' | 'name' | 'size' | 'ttl';

export type OpenKey = {
	readonly key: string;
	/** Undefined until the engine has answered. */
	readonly lines: readonly string[] | undefined;
	readonly facts: KeyFacts | undefined;
	readonly top: number;
};

export type KeysState = {
	readonly shape: 'list' | 'tree';
	/** A glob of Redis, as it was last asked. */
	readonly pattern: string;
	readonly filter: Line;
	readonly isFiltering: boolean;
	readonly rows: readonly KeyRow[];
	/** Where the next page begins; undefined: there is none. */
	readonly cursor: string | undefined;
	/** Keys looked at for a ranked list, so far. */
	readonly scanned: number;
	readonly load:
		| {readonly kind: 'idle'}
		| {readonly kind: 'loading'}
		| {readonly kind: 'failed'; readonly message: string}
		| {readonly kind: 'loaded'; readonly at: number};
	readonly selected: number;
	readonly marked: ReadonlySet<string>;
	readonly sort: SortOrder;
	readonly tree: KeyTree;
	/** The key that is open, and what the engine says of it. */
	readonly open: OpenKey | undefined;
};

export const initialKeys: KeysState = {
	shape: 'list',
	pattern: '*',
	filter: emptyLine,
	isFiltering: false,
	rows: [],
	cursor: undefined,
	scanned: 0,
	load: {kind: 'idle'},
	selected: 0,
	marked: new Set(),
	sort: 'found',
	tree: rootTree,
	open: undefined,
};

/** Rows kept for the screen; a larger keyspace is narrowed with a filter. */
export const keyRowLimit = 10_000;

/** Rows of a ranked list: each stretch of the keyspace sends its first ones, so that only as many can be believed. */
export const rankedLimit = 200;

/** Keys looked at for a ranked list before it waits for a person to ask for more. */
export const rankedScanLimit = 500_000;

export const sortOrders: readonly SortOrder[] = ['found', 'name', 'size', 'ttl'];

export const isRanked = (sort: SortOrder): sort is 'size' | 'ttl' => sort === 'size' || sort === 'ttl';

const comparers: Readonly<Record<SortOrder, ((a: KeyRow, b: KeyRow) => number) | undefined>> = {
	found: undefined,
	name: (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
	size: (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1),
	ttl: (a, b) => (a.ttlMs ?? Number.POSITIVE_INFINITY) - (b.ttlMs ?? Number.POSITIVE_INFINITY),
};

/** Rows in an order; the same array where nothing is to be sorted. */
export function sortRows(rows: readonly KeyRow[], sort: SortOrder): readonly KeyRow[] {
	const comparer = comparers[sort];
	return comparer ? [...rows].sort(comparer) : rows;
}
