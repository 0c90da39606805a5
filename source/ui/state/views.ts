import {type Step, stay, step} from './message.js';
import type {UiState, ViewName} from './ui-state.js';

/** The state when a view is entered, and what the view needs to be asked for. */
export function enterView(state: UiState, view: ViewName): Step {
	const next: UiState = {...state, view, enlarged: undefined, overlay: {kind: 'none'}};
	if (view === 'keys' && state.keys.load.kind === 'idle') return loadKeys(next);
	if (view === 'faults' && state.faults.drills.length === 0)
		return step(next, {type: 'run', purpose: 'drills', call: {name: 'drills', args: []}});
	return stay(next);
}

/** Asks for the first page of keys that match the pattern. */
export function loadKeys(state: UiState): Step {
	return step(
		{...state, keys: {...state.keys, load: {kind: 'loading'}}},
		{type: 'run', purpose: 'keys', call: {name: 'keys', args: [state.keys.pattern]}},
	);
}
