import {mergeKeyTree} from '../../../inspect/keys/key-tree.js';
import {type Answer, ask, type Effect, noEffects, type Step, withEffects} from '../command.js';
import {withTree} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {parentOf, rootTree, type TreeNode, treeLines, treeOrders, treePageLimit} from './key-tree.js';

/** Groups whose keys are kept after they were folded. */
const maxNodes = 100;

/** Stores the loaded keys of a prefix. If there are too many groups, the oldest folded ones are dropped. */
function withNode(state: UiState, prefix: string, node: TreeNode): UiState {
	const {tree} = state.keys;
	const nodes = new Map(tree.nodes).set(prefix, node);
	for (const known of nodes.keys()) {
		if (nodes.size <= maxNodes) break;
		if (known !== prefix && !tree.unfolded.has(known)) nodes.delete(known);
	}
	return withTree(state, {nodes});
}

function askForTree({keys: {tree}}: UiState, prefix: string, cursor = '0'): Effect {
	const {delimiter = ':', withSizes} = tree;
	const args = [prefix, cursor, delimiter] as const;
	return ask({name: 'tree', args: withSizes ? [...args, 'sizes'] : args}, takeTree);
}

/** Loads the keys below a prefix, from the start. */
export function loadTree(state: UiState, prefix: string): Step {
	const node: TreeNode = {page: undefined, load: {kind: 'loading'}, pages: 1};
	return withEffects(withNode(state, prefix, node), askForTree(state, prefix));
}

/** Loads the whole tree again, folded. */
export function reloadTree(state: UiState): Step {
	const {nodes, unfolded, selected} = rootTree;
	return loadTree(withTree(state, {nodes, unfolded, selected}), '');
}

/** Splits names at another delimiter. An empty one is `:`. */
export function splitTreeAt(state: UiState, delimiter: string): Step {
	return reloadTree(withTree(state, {delimiter: delimiter === '' ? undefined : delimiter}));
}

/** Changes the sort order of the groups. Sorting by size for the first time reads the sizes of all keys. */
export function sortTree(state: UiState): Step {
	const {tree} = state.keys;
	const order = treeOrders[(treeOrders.indexOf(tree.order) + 1) % treeOrders.length] ?? 'keys';
	const next = withTree(state, {order, selected: 0});
	return order === 'size' && !tree.withSizes ? refreshTree(withTree(next, {withSizes: true})) : noEffects(next);
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

/** Loads more of the innermost unfolded group around the selection that is not complete, or pauses its scan. */
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
	if (prefix === undefined || !node?.page?.cursor) return noEffects(state);
	// Paused: the page that is being loaded is the last one.
	if (node.load.kind === 'loading') return noEffects(withNode(state, prefix, {...node, pages: treePageLimit}));
	const next = withNode(state, prefix, {...node, load: {kind: 'loading'}, pages: 1});
	return withEffects(next, askForTree(state, prefix, node.page.cursor));
}

/** True if an answer matches the current delimiter and sizes setting of the tree. */
function isCurrent({keys: {tree}}: UiState, [, , delimiter, sizes]: Answer<'tree'>['call']['args']): boolean {
	return delimiter === (tree.delimiter ?? ':') && (sizes === 'sizes') === tree.withSizes;
}

/** Adds a page below its prefix, and loads further ones up to the limit, so that counts become complete. */
function takeTree(state: UiState, {call, reply}: Answer<'tree'>): Step {
	const [prefix = '', cursor] = call.args;
	const {tree} = state.keys;
	const node = tree.nodes.get(prefix);
	if (!node || !isCurrent(state, call.args)) return noEffects(state);
	if (!reply.ok) return noEffects(withNode(state, prefix, {...node, load: {kind: 'failed', message: reply.message}}));
	const page = cursor !== '0' && node.page ? mergeKeyTree(node.page, reply.data) : reply.data;
	const isShown = state.view === 'keys' && state.keys.shape === 'tree' && tree.unfolded.has(prefix);
	if (page.cursor === undefined || !isShown || node.pages >= treePageLimit)
		return noEffects(withNode(state, prefix, {...node, page, load: {kind: 'loaded'}}));
	const next = withNode(state, prefix, {page, load: {kind: 'loading'}, pages: node.pages + 1});
	return withEffects(next, askForTree(next, prefix, page.cursor));
}
