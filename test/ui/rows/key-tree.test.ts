import {expect, test} from 'vitest';
import type {KeyGroup, KeyTreePage} from '../../../source/inspect/keys/key-tree.js';
import {keysBelow, rootTree, type TreeNode, treeLines} from '../../../source/ui/state/keys/key-tree.js';

const group = (prefix: string, keys: number): KeyGroup => ({
	name: `${prefix.split(':').at(-2)}:`,
	prefix,
	pattern: `${prefix}*`,
	keys,
	sizes: undefined,
});

const loaded = (prefix: string, groups: readonly KeyGroup[], own: Partial<KeyTreePage> = {}): TreeNode => {
	const keys = groups.reduce((sum, each) => sum + each.keys, 0);
	const page = {prefix, groups, rows: [], unlisted: 0, keys, cursor: undefined, ...own};
	return {page, load: {kind: 'loaded'}, pages: 1};
};

/** A tree whose groups were unfolded one after the other, while keys were added. */
const treeOf = (innermost: TreeNode) => ({
	...rootTree,
	unfolded: new Set(['', 'a:', 'a:b:']),
	nodes: new Map([
		['', loaded('', [group('a:', 100), group('z:', 7)])],
		['a:', loaded('a:', [group('a:b:', 104), group('a:y:', 3)])],
		['a:b:', innermost],
	]),
});

const counts = (tree: Parameters<typeof treeLines>[0]) =>
	treeLines(tree).flatMap((line) => (line.kind === 'group' ? [`${line.prefix} ${line.keys}`] : []));

test('a group that was counted again has as many keys as its parts', () => {
	const tree = treeOf(loaded('a:b:', [group('a:b:c:', 110)]));
	expect(counts(tree)).toEqual(['a: 113', 'a:b: 110', 'a:b:c: 110', 'a:y: 3', 'z: 7']);
	const root = tree.nodes.get('')?.page;
	expect(root && keysBelow(tree, root)).toBe(120);
});

test('a group that is only partly counted again keeps the count that was found with it', () => {
	const tree = treeOf(loaded('a:b:', [group('a:b:c:', 40)], {cursor: '17'}));
	expect(counts(tree)).toEqual(['a: 107', 'a:b: 104', 'a:b:c: 40', 'a:y: 3', 'z: 7']);
});
