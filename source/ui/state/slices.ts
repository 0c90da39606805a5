import type {FaultsState} from './faults/faults-state.js';
import type {KeyTree} from './keys/key-tree.js';
import type {KeysState} from './keys/keys-state.js';
import type {UiState} from './ui-state.js';
import type {LogState} from './views/log-state.js';

/* The state with a part of it changed. */

export const withKeys = (state: UiState, keys: Partial<KeysState>): UiState => ({
	...state,
	keys: {...state.keys, ...keys},
});

export const withTree = (state: UiState, tree: Partial<KeyTree>): UiState =>
	withKeys(state, {tree: {...state.keys.tree, ...tree}});

export const withServer = (state: UiState, server: Partial<UiState['server']>): UiState => ({
	...state,
	server: {...state.server, ...server},
});

export const withFaults = (state: UiState, faults: Partial<FaultsState>): UiState => ({
	...state,
	faults: {...state.faults, ...faults},
});

export const withLog = (state: UiState, log: Partial<LogState>): UiState => ({...state, log: {...state.log, ...log}});
