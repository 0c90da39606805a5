import type {Keystroke} from '../input/keystroke.js';
import {bodySize} from '../layout.js';
import type {KeyTree} from './keys-tree.js';
import {parentOf, type TreeLine, treeLines} from './keys-tree.js';
import {type Context, noEffects, type Step, withEffects} from './message.js';
import {moveSelection} from './move.js';
import type {UiState} from './ui-state.js';
import {loadTree} from './views.js';

const withTree = (state: UiState, tree: Partial<KeyTree>): UiState => ({
	...state,
	keys: {...state.keys, tree: {...state.keys.tree, ...tree}},
});

function unfold(state: UiState, prefix: string): Step {
	const {tree} = state.keys;
	const next = withTree(state, {unfolded: new Set([...tree.unfolded, prefix])});
	const known = tree.nodes.get(prefix);
	return known && known.load.kind !== 'failed' ? noEffects(next) : loadTree(next, prefix);
}

function fold(state: UiState, prefix: string): UiState {
	const unfolded = new Set(state.keys.tree.unfolded);
	unfolded.delete(prefix);
	return withTree(state, {unfolded});
}

/** The next stretch of the innermost prefix around the selection that has one. */
function loadMore(state: UiState, lines: readonly TreeLine[]): Step {
	const {tree} = state.keys;
	const prefixes = [''];
	for (let at = tree.selected; at > 0; at = parentOf(lines, at)) {
		const line = lines[at];
		if (line?.kind === 'group' && line.isUnfolded) prefixes.unshift(line.prefix);
		if (line?.depth === 0) break;
	}
	const prefix = prefixes.find((each) => tree.nodes.get(each)?.page?.cursor !== undefined);
	const node = prefix === undefined ? undefined : tree.nodes.get(prefix);
	if (prefix === undefined || !node?.page?.cursor || node.load.kind === 'loading') return noEffects(state);
	const nodes = new Map(tree.nodes);
	nodes.set(prefix, {...node, load: {kind: 'loading'}, pages: 1});
	return withEffects(withTree(state, {nodes}), {
		type: 'run',
		purpose: 'tree',
		call: {name: 'tree', args: [prefix, node.page.cursor]},
	});
}

/** A key in the tree that moves or folds; undefined when it does neither. */
export function updateKeyTree(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {tree} = state.keys;
	const lines = treeLines(tree);
	const at = Math.min(tree.selected, Math.max(0, lines.length - 1));
	const line = lines[at];
	const selected = moveSelection(key.name, at, lines.length, Math.max(1, bodySize(context.size).rows - 4));
	if (selected !== undefined) return noEffects(withTree(state, {selected}));
	switch (key.name) {
		case 'enter':
			if (line?.kind !== 'group') return undefined;
			return line.isUnfolded ? noEffects(fold(state, line.prefix)) : unfold(state, line.prefix);
		case 'right':
		case 'l':
			return line?.kind === 'group' && !line.isUnfolded ? unfold(state, line.prefix) : noEffects(state);
		case 'left':
		case 'h':
			return line?.kind === 'group' && line.isUnfolded
				? noEffects(fold(state, line.prefix))
				: noEffects(withTree(state, {selected: parentOf(lines, at)}));
		case 'n':
			return loadMore(state, lines);
		case 'r':
			return loadTree(withTree(state, {nodes: new Map(), unfolded: new Set(['']), selected: 0}), '');
		default:
			return undefined;
	}
}
