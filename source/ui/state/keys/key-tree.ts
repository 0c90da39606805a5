import type {KeyRow} from '../../../inspect/keys/describe-keys.js';
import type {KeyTreePage} from '../../../inspect/keys/key-tree.js';

/** The loaded keys below one prefix. */
export type TreeNode = {
	readonly page: KeyTreePage | undefined;
	readonly load: {readonly kind: 'loading' | 'loaded'} | {readonly kind: 'failed'; readonly message: string};
	/** Pages requested since a person last asked for more. */
	readonly pages: number;
};

/** The keys as a tree: each `:` in a name starts a level. */
export type KeyTree = {
	readonly nodes: ReadonlyMap<string, TreeNode>;
	/** Prefixes of the unfolded groups. */
	readonly unfolded: ReadonlySet<string>;
	/** Index of a line. */
	readonly selected: number;
};

export const rootTree: KeyTree = {nodes: new Map(), unfolded: new Set(['']), selected: 0};

/** Pages, of 200 ms of scanning each, that are loaded below a prefix without being asked for more. */
export const treePageLimit = 25;

export type TreeLine =
	| {
			readonly kind: 'group';
			readonly depth: number;
			readonly name: string;
			readonly prefix: string;
			readonly pattern: string;
			readonly keys: number;
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

/** The lines of the tree, from the top down. */
export function treeLines(tree: KeyTree, prefix = '', depth = 0): readonly TreeLine[] {
	const node = tree.nodes.get(prefix);
	const page = node?.page;
	const isPartial = page?.cursor !== undefined;
	return [
		...(page?.groups ?? []).flatMap((group): TreeLine[] => {
			const isUnfolded = tree.unfolded.has(group.prefix);
			return [
				{kind: 'group', depth, ...group, isUnfolded, isPartial},
				...(isUnfolded ? treeLines(tree, group.prefix, depth + 1) : []),
			];
		}),
		...(page?.rows ?? []).map((row): TreeLine => {
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
