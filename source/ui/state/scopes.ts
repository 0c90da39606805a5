import type {Source} from '../../engine/protocol.js';
import {fieldsOf} from './faults/fault-settings.js';
import {selectedFault} from './faults/faults-state.js';
import type {Filter} from './filter.js';
import type {Dialog, UiState} from './ui-state.js';
import {isElsewhere} from './views/process-views.js';
import type {ServerTab} from './views/server-state.js';

/** A part of the screen in which keystrokes have a meaning. */
export type Scope =
	/** Works even while text is typed and over dialogs. */
	| 'always'
	| 'too-small'
	/** Works in all views, unless a view has its own meaning for the keystroke. */
	| 'everywhere'
	| 'overview'
	| 'keys'
	| 'key-list'
	| 'key-tree'
	/** While the value of a key is open. */
	| 'key-value'
	| 'pool'
	| 'server'
	/** While a tab with a report of the server is open. */
	| 'server-report'
	/** While the tab with the clients is open. */
	| 'server-clients'
	/** While the tab with the memory is open. */
	| 'server-memory'
	/** While the tab with the hot keys is open. */
	| 'server-hot-keys'
	| 'faults'
	| 'fault-list'
	| 'drill-list'
	/** While a parameter of a fault is set. */
	| 'fault-settings'
	/** While the parameter is one of several words. */
	| 'fault-choice'
	| 'log'
	| 'findings'
	/** While a filter is typed. */
	| 'filter'
	| 'palette'
	/** While the Redis pane is open, whose commands are sent to Redis unchanged. */
	| 'redis'
	| 'help'
	| 'outage-menu'
	| 'connections'
	| 'explain'
	| 'text'
	| 'edit'
	| 'confirm'
	/** While any text is typed. */
	| 'prompt';

const dialogScopes: Readonly<Record<Exclude<Dialog['kind'], 'none'>, readonly Scope[]>> = {
	palette: ['palette', 'prompt'],
	redis: ['redis', 'prompt'],
	help: ['help', 'prompt'],
	edit: ['edit', 'prompt'],
	confirm: ['confirm', 'prompt'],
	'outage-menu': ['outage-menu'],
	connections: ['connections'],
	explain: ['explain'],
	text: ['text'],
};

const serverScopes: Readonly<Partial<Record<ServerTab, readonly Scope[]>>> = {
	info: ['server'],
	clients: ['server-clients', 'server-report', 'server'],
	memory: ['server-memory', 'server-report', 'server'],
	hotkeys: ['server-hot-keys', 'server-report', 'server'],
};

const filterScopes: readonly Scope[] = ['filter', 'prompt'];

const filtered = ({isTyping}: Filter, scopes: readonly Scope[]): readonly Scope[] =>
	isTyping ? filterScopes : [...scopes, 'everywhere'];

function viewScopes(state: UiState, source: Source | undefined): readonly Scope[] {
	if (isElsewhere(state.view, source)) return ['everywhere'];
	switch (state.view) {
		case 'overview':
			return ['overview', 'everywhere'];
		case 'keys': {
			const shape = state.keys.shape === 'tree' ? 'key-tree' : 'key-list';
			if (state.keys.open?.filter.isTyping) return filterScopes;
			return filtered(state.keys.filter, [...(state.keys.open ? (['key-value'] as const) : []), shape, 'keys']);
		}
		case 'pool':
			return ['pool', 'everywhere'];
		case 'server':
			return filtered(state.server.filter, serverScopes[state.server.tab] ?? ['server-report', 'server']);
		case 'faults': {
			const {editing, pane} = state.faults;
			if (!editing) return [pane === 'faults' ? 'fault-list' : 'drill-list', 'faults', 'everywhere'];
			const info = selectedFault(state.faults);
			const isChoice = info && fieldsOf(info)[editing.index]?.choices !== undefined;
			return ['fault-settings', isChoice ? 'fault-choice' : 'prompt'];
		}
		case 'log':
			return filtered(state.log.filter, ['log']);
		case 'findings':
			return ['findings', 'everywhere'];
	}
}

/** The active scopes, in order of priority. While a dialog is open or text is typed, the view gets no keystrokes. */
export function scopesOf(state: UiState, isTooSmall: boolean, source?: Source): readonly Scope[] {
	if (isTooSmall) return ['too-small'];
	const {dialog} = state;
	return ['always', ...(dialog.kind === 'none' ? viewScopes(state, source) : dialogScopes[dialog.kind])];
}
