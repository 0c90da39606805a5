import {isRanked} from './keys-state.js';
import {noEffects, type Step, withEffects} from './message.js';
import type {UiState, ViewName} from './ui-state.js';

/** The state when a view is entered, and what the view needs to be asked for. */
export function enterView(state: UiState, view: ViewName): Step {
	const next: UiState = {...state, view, enlarged: undefined, overlay: {kind: 'none'}};
	const {load, rows} = state.keys;
	const isListed = load.kind === 'loading' || (load.kind === 'loaded' && rows.length > 0);
	if (view === 'keys' && !isListed) return loadKeys(next);
	if (view === 'faults' && state.faults.drills.length === 0)
		return withEffects(next, {type: 'run', purpose: 'drills', call: {name: 'drills', args: []}});
	return noEffects(next);
}

/** Asks for the first page of keys that match the pattern, or of those that rank first. */
export function loadKeys(state: UiState): Step {
	return withEffects(
		{...state, keys: {...state.keys, load: {kind: 'loading'}}},
		{type: 'run', purpose: 'keys', call: keysCall(state, undefined)},
	);
}

/** The call for a page of keys; `cursor` undefined: the first. */
export function keysCall({keys}: UiState, cursor: string | undefined) {
	const {pattern, sort} = keys;
	const more = cursor === undefined ? [] : [cursor];
	return isRanked(sort) ? {name: 'top', args: [sort, pattern, ...more]} : {name: 'keys', args: [pattern, ...more]};
}

/** Asks for what is below a prefix, from the start. */
export function loadTree(state: UiState, prefix: string): Step {
	const {tree} = state.keys;
	const nodes = new Map(tree.nodes);
	nodes.set(prefix, {page: undefined, load: {kind: 'loading'}, pages: 1});
	return withEffects(
		{...state, keys: {...state.keys, tree: {...tree, nodes}}},
		{type: 'run', purpose: 'tree', call: {name: 'tree', args: [prefix]}},
	);
}
