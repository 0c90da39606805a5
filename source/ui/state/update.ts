import type {Keystroke} from '../input/keystroke.js';
import {emptyLine, insert} from '../input/line-editor.js';
import {isTooSmall} from '../layout.js';
import type {Context, Effect, Message, Step} from './message.js';
import {noEffects, withEffects} from './message.js';
import {nextWindow, togglePause} from './screen-commands.js';
import {takeReply} from './take-reply.js';
import {isTyping, type UiState, viewNames} from './ui-state.js';
import {pasteIntoFault, updateFaults} from './update-faults.js';
import {updateKeys} from './update-keys.js';
import {updateOverlay} from './update-overlay.js';
import {openPalette, pasteIntoPalette} from './update-palette.js';
import {updateLog, updateOverview, updatePool, updateServer} from './update-views.js';
import {enterView} from './views.js';

function updateView(state: UiState, key: Keystroke, context: Context): Step | undefined {
	switch (state.view) {
		case 'overview':
			return updateOverview(state, key, context);
		case 'keys':
			return updateKeys(state, key, context);
		case 'pool':
			return updatePool(state, key, context);
		case 'server':
			return updateServer(state, key, context);
		case 'faults':
			return updateFaults(state, key, context);
		case 'log':
			return updateLog(state, key, context);
	}
}

function updateEverywhere(state: UiState, key: Keystroke): Step | undefined {
	switch (key.name) {
		case 'q':
		case 'ctrl+c':
			return withEffects(state, {type: 'quit'});
		case 'ctrl+z':
			return withEffects(state, {type: 'suspend'});
		case 'ctrl+l':
			return withEffects(state, {type: 'redraw'});
		case ':':
			return noEffects(openPalette(state, ''));
		case '?':
			return noEffects({...state, overlay: {kind: 'help', line: emptyLine, top: 0}});
		case 'o':
			return noEffects({...state, overlay: {kind: 'outage', selected: 0, lasting: 0}});
		case 'p':
			return togglePause(state);
		case 'w':
			return noEffects(nextWindow(state));
		case 'i':
			return noEffects({...state, overlay: {kind: 'explain', subject: state.view, top: 0}});
		default: {
			const view = /^[1-9]$/.test(key.name) ? viewNames[Number(key.name) - 1] : undefined;
			return view && enterView(state, view);
		}
	}
}

const always = new Set(['ctrl+z', 'ctrl+l']);

function updateKey(before: UiState, key: Keystroke, context: Context): Step {
	// What a command answered stands in the footer until the next key.
	const state: UiState = before.reply.kind === 'answered' ? {...before, reply: {kind: 'none'}} : before;
	if (isTooSmall(context.size))
		return key.name === 'q' || key.name === 'ctrl+c' ? withEffects(state, {type: 'quit'}) : noEffects(state);
	if (always.has(key.name)) return updateEverywhere(state, key) ?? noEffects(state);
	const overlay = updateOverlay(state, key, context);
	if (overlay) return overlay;
	if (isTyping(state)) {
		if (key.name === 'ctrl+c') return withEffects(state, {type: 'quit'});
		return updateView(state, key, context) ?? noEffects(state);
	}
	return updateView(state, key, context) ?? updateEverywhere(state, key) ?? noEffects(state);
}

function updatePaste(state: UiState, text: string, context: Context): Step {
	const {overlay} = state;
	if (overlay.kind === 'palette') return pasteIntoPalette(state, overlay, text, context);
	if (overlay.kind === 'help' || overlay.kind === 'confirm' || overlay.kind === 'edit')
		return noEffects({...state, overlay: {...overlay, line: insert(overlay.line, text)}});
	if (overlay.kind !== 'none') return noEffects(state);
	if (state.view === 'keys' && state.keys.isFiltering)
		return noEffects({...state, keys: {...state.keys, filter: insert(state.keys.filter, text)}});
	if (state.view === 'server' && state.server.isFiltering)
		return noEffects({...state, server: {...state.server, filter: insert(state.server.filter, text)}});
	if (state.view === 'faults' && state.faults.editing) return pasteIntoFault(state, text, context);
	if (state.view === 'log' && state.log.isFiltering)
		return noEffects({...state, log: {...state.log, filter: insert(state.log.filter, text)}});
	// Outside of a prompt a paste is not a series of keys: it must not delete or quit anything.
	return noEffects(state);
}

function updateCompletions(state: UiState, question: string, items: readonly string[]): UiState {
	const {overlay} = state;
	return overlay.kind === 'palette' ? {...state, overlay: {...overlay, live: {question, items}}} : state;
}

/** The next state, and what is to be done outside. Pure: everything it needs is passed in. */
export function update(state: UiState, message: Message, context: Context): Step {
	switch (message.type) {
		case 'key':
			return updateKey(state, message.key, context);
		case 'paste':
			return updatePaste(state, message.text, context);
		case 'completions':
			return noEffects(updateCompletions(state, message.question, message.items));
		case 'reply':
			return takeReply(state, message, context);
	}
}

/** Several messages at once: keys that were typed faster than they were read. */
export function updateAll(state: UiState, messages: readonly Message[], context: Context): Step {
	let current = state;
	const effects: Effect[] = [];
	for (const message of messages) {
		const next = update(current, message, context);
		current = next.state;
		effects.push(...next.effects);
	}
	return {state: current, effects};
}
