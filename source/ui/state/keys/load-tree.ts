import {mergeKeyTree} from '../../../inspect/keys/key-tree.js';
import {type Answer, ask, type Effect, noEffects, type Step, withEffects} from '../command.js';
import {withTree} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {parentOf, rootTree, type TreeNode, treeLines, treePageLimit} from './key-tree.js';

function withNode(state: UiState, prefix: string, node: TreeNode): UiState {
	return withTree(state, {nodes: new Map(state.keys.tree.nodes).set(prefix, node)});
}

const askForTree = (prefix: string, cursor?: string): Effect =>
	ask({name: 'tree', args: cursor === undefined ? [prefix] : [prefix, cursor]}, takeTree);

/** Loads the keys below a prefix, from the start. */
export function loadTree(state: UiState, prefix: string): Step {
	const node: TreeNode = {page: undefined, load: {kind: 'loading'}, pages: 1};
	return withEffects(withNode(state, prefix, node), askForTree(prefix));
}

/** Loads the whole tree again, folded. */
export function reloadTree(state: UiState): Step {
	return loadTree(withTree(state, rootTree), '');
}

/** Loads every unfolded part of the tree again. */
export function refreshTree(state: UiState): Step {
	const {unfolded} = state.keys.tree;
	let current = withTree(state, {nodes: new Map()});
	const effects: Effect[] = [];
	for (const prefix of unfolded) {
		const loaded = loadTree(current, prefix);
		current = loaded.state;
		effects.push(...loaded.effects);
	}
	return {state: current, effects};
}

export function unfold(state: UiState, prefix: string): Step {
	const {tree} = state.keys;
	const next = withTree(state, {unfolded: new Set([...tree.unfolded, prefix])});
	const known = tree.nodes.get(prefix);
	return known && known.load.kind !== 'failed' ? noEffects(next) : loadTree(next, prefix);
}

export function fold(state: UiState, prefix: string): UiState {
	const unfolded = new Set(state.keys.tree.unfolded);
	unfolded.delete(prefix);
	return withTree(state, {unfolded});
}

/** Loads more of the innermost unfolded group around the selection that is not complete. */
export function loadMoreTree(state: UiState): Step {
	const {tree} = state.keys;
	const lines = treeLines(tree);
	const prefixes = [''];
	for (let at = tree.selected; at > 0; at = parentOf(lines, at)) {
		const line = lines[at];
		if (line?.kind === 'group' && line.isUnfolded) prefixes.unshift(line.prefix);
		if (line?.depth === 0) break;
	}
	const prefix = prefixes.find((each) => tree.nodes.get(each)?.page?.cursor !== undefined);
	const node = prefix === undefined ? undefined : tree.nodes.get(prefix);
	if (prefix === undefined || !node?.page?.cursor || node.load.kind === 'loading') return noEffects(state);
	const next = withNode(state, prefix, {...node, load: {kind: 'loading'}, pages: 1});
	return withEffects(next, askForTree(prefix, node.page.cursor));
}

/** Adds a page below its prefix, and loads the next one for a while, so that counts become complete. */
function takeTree(state: UiState, {call, reply}: Answer<'tree'>): Step {
	const [prefix = '', cursor] = call.args;
	const {tree} = state.keys;
	const node = tree.nodes.get(prefix);
	if (!node) return noEffects(state);
	if (!reply.ok) return noEffects(withNode(state, prefix, {...node, load: {kind: 'failed', message: reply.message}}));
	const page = cursor !== undefined && node.page ? mergeKeyTree(node.page, reply.data) : reply.data;
	const isShown = state.view === 'keys' && state.keys.shape === 'tree' && tree.unfolded.has(prefix);
	if (page.cursor === undefined || !isShown || node.pages >= treePageLimit)
		return noEffects(withNode(state, prefix, {...node, page, load: {kind: 'loaded'}}));
	const next = withNode(state, prefix, {page, load: {kind: 'loading'}, pages: node.pages + 1});
	return withEffects(next, askForTree(prefix, page.cursor));
}
