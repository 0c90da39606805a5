import type {KeyRow} from '../../../inspect/keys/describe-keys.js';
import type {GroupSizes, KeyGroup, KeyTreePage} from '../../../inspect/keys/key-tree.js';

/** The loaded keys below one prefix. */
export type TreeNode = {
	readonly page: KeyTreePage | undefined;
	readonly load: {readonly kind: 'loading' | 'loaded'} | {readonly kind: 'failed'; readonly message: string};
	/** Pages loaded since the user last requested more. */
	readonly pages: number;
};

/** Groups with the most keys first, those with the most memory, or in the order of their names. */
export type TreeOrder = 'keys' | 'size' | 'name';

export const treeOrders: readonly TreeOrder[] = ['keys', 'size', 'name'];

/** The keys as a tree: each delimiter in a name starts a level. */
export type KeyTree = {
	/** Undefined: the delimiter of the settings. */
	readonly delimiter: string | undefined;
	/** True if the size and TTL of every key are read, and summed for each group. */
	readonly withSizes: boolean;
	readonly order: TreeOrder;
	readonly nodes: ReadonlyMap<string, TreeNode>;
	/** Prefixes of the unfolded groups. */
	readonly unfolded: ReadonlySet<string>;
	/** Index of a line. */
	readonly selected: number;
};

export const rootTree: KeyTree = {
	delimiter: undefined,
	withSizes: false,
	order: 'keys',
	nodes: new Map(),
	unfolded: new Set(['']),
	selected: 0,
};

/** Most pages, of 200 ms of scanning each, that are loaded below a prefix without a further request by the user. */
export const treePageLimit = 25;

export type TreeLine =
	| {
			readonly kind: 'group';
			readonly depth: number;
			readonly name: string;
			readonly prefix: string;
			readonly pattern: string;
			readonly keys: number;
			readonly sizes: GroupSizes | undefined;
			readonly isUnfolded: boolean;
			/** True while the scan is not complete: there may be more keys. */
			readonly isPartial: boolean;
	  }
	| {readonly kind: 'key'; readonly depth: number; readonly name: string; readonly row: KeyRow}
	/** The state of a prefix: loading, failed, empty, incomplete. */
	| {readonly kind: 'note'; readonly depth: number; readonly text: string; readonly isError: boolean};

function notesOf(node: TreeNode | undefined, depth: number): TreeLine[] {
	const note = (text: string, isError = false): TreeLine[] => [{kind: 'note', depth, text, isError}];
	if (!node || (node.load.kind === 'loading' && !node.page)) return note('loading');
	if (node.load.kind === 'failed') return note(node.load.message, true);
	const {page} = node;
	if (page && page.groups.length === 0 && page.rows.length === 0 && page.cursor === undefined) return note('no keys');
	if (page && page.unlisted > 0) return note(`and ${page.unlisted} keys in other groups`);
	return [];
}

const groupOrders: Readonly<Record<TreeOrder, (left: KeyGroup, right: KeyGroup) => number>> = {
	keys: (left, right) => right.keys - left.keys,
	size: (left, right) => (right.sizes?.bytes ?? 0) - (left.sizes?.bytes ?? 0),
	name: (left, right) => (left.name < right.name ? -1 : 1),
};

const rowOrders: Readonly<Record<TreeOrder, ((left: KeyRow, right: KeyRow) => number) | undefined>> = {
	keys: undefined,
	size: (left, right) => (right.bytes ?? 0) - (left.bytes ?? 0),
	name: (left, right) => (left.key < right.key ? -1 : 1),
};

function sorted<Item>(items: readonly Item[], compare: ((left: Item, right: Item) => number) | undefined) {
	return compare ? [...items].sort(compare) : items;
}

type Lines = Pick<KeyTree, 'unfolded' | 'order'> & {readonly lines: readonly TreeLine[]};

/** Caches the lines of a tree, so that moving the selection does not compute them again. */
const laidOut = new WeakMap<KeyTree['nodes'], Lines>();

/** The lines of the tree, from the top down. */
export function treeLines(tree: KeyTree): readonly TreeLine[] {
	const {nodes, unfolded, order} = tree;
	const known = laidOut.get(nodes);
	if (known?.unfolded === unfolded && known.order === order) return known.lines;
	const lines = linesBelow(tree, '', 0);
	laidOut.set(nodes, {unfolded, order, lines});
	return lines;
}

/**
 * Number of keys below a prefix. A group that was unfolded and completely scanned counts as the sum of its parts, so that no group
 * shows fewer keys than a group in it.
 */
export function keysBelow(tree: Pick<KeyTree, 'nodes'>, {groups, keys}: Pick<KeyTreePage, 'groups' | 'keys'>): number {
	return groups.reduce((sum, group) => sum + keysOf(tree, group) - group.keys, keys);
}

function keysOf(tree: Pick<KeyTree, 'nodes'>, group: KeyGroup): number {
	const page = tree.nodes.get(group.prefix)?.page;
	return page === undefined || page.cursor !== undefined ? group.keys : keysBelow(tree, page);
}

function linesBelow(tree: KeyTree, prefix: string, depth: number): readonly TreeLine[] {
	const node = tree.nodes.get(prefix);
	const page = node?.page;
	const isPartial = page?.cursor !== undefined;
	const groups = (page?.groups ?? []).map((group) => ({...group, keys: keysOf(tree, group)}));
	return [
		...sorted(groups, groupOrders[tree.order]).flatMap((group): TreeLine[] => {
			const isUnfolded = tree.unfolded.has(group.prefix);
			return [
				{kind: 'group', depth, ...group, isUnfolded, isPartial},
				...(isUnfolded ? linesBelow(tree, group.prefix, depth + 1) : []),
			];
		}),
		...sorted(page?.rows ?? [], rowOrders[tree.order]).map((row): TreeLine => {
			const name = row.key.startsWith(prefix) ? row.key.slice(prefix.length) : row.key;
			return {kind: 'key', depth, name: name === '' ? row.key : name, row};
		}),
		...notesOf(node, depth),
	];
}

/** Index of the group that contains a line; 0 at the top level. */
export function parentOf(lines: readonly TreeLine[], index: number): number {
	const depth = lines[index]?.depth ?? 0;
	return Math.max(
		0,
		lines.findLastIndex((line, at) => at < index && line.kind === 'group' && line.depth < depth),
	);
}
