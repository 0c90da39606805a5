import type {KeyTreePage} from '../../inspect/keys/key-tree.js';
import type {KeyRow} from './keys-state.js';

/** What is known below one prefix. */
export type TreeNode = {
	readonly page: KeyTreePage | undefined;
	readonly load: {readonly kind: 'loading' | 'loaded'} | {readonly kind: 'failed'; readonly message: string};
	/** Pages asked for, so that a huge keyspace is not scanned without end. */
	readonly pages: number;
};

/** Keys by what stands before each colon. */
export type KeyTree = {
	readonly nodes: ReadonlyMap<string, TreeNode>;
	/** Prefixes that are unfolded. */
	readonly unfolded: ReadonlySet<string>;
	readonly selected: number;
};

export const rootTree: KeyTree = {nodes: new Map(), unfolded: new Set(['']), selected: 0};

/** Stretches of 200 ms that are scanned on their own before a person has to ask for more. */
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
			/** The scan below the parent is not over: there may be more keys. */
			readonly isPartial: boolean;
	  }
	| {readonly kind: 'key'; readonly depth: number; readonly name: string; readonly row: KeyRow}
	/** What is to be said of a prefix: that it is being read, that it failed, that there is more. */
	| {readonly kind: 'note'; readonly depth: number; readonly text: string; readonly isBad: boolean};

function notesOf(node: TreeNode | undefined, depth: number): TreeLine[] {
	const note = (text: string, isBad = false): TreeLine[] => [{kind: 'note', depth, text, isBad}];
	if (!node || (node.load.kind === 'loading' && !node.page)) return note('looking');
	if (node.load.kind === 'failed') return note(node.load.message, true);
	const {page} = node;
	if (page && page.groups.length === 0 && page.rows.length === 0 && page.cursor === undefined) return note('no keys');
	if (page && page.unlisted > 0) return note(`and ${page.unlisted} keys in further groups`);
	return [];
}

/** The tree as lines, from the top down. */
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

/** The line of the group that a line is in; itself at the top. */
export function parentOf(lines: readonly TreeLine[], index: number): number {
	const depth = lines[index]?.depth ?? 0;
	return Math.max(
		0,
		lines.findLastIndex((line, at) => at < index && line.kind === 'group' && line.depth < depth),
	);
}
