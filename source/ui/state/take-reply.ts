import {textOf} from '../input/line-editor.js';
import {keyRowLimit} from './keys-state.js';
import {type Context, closed, type Message, type Step, stay} from './message.js';
import {readDrills, readKeyPage} from './reply-data.js';
import type {UiState} from './ui-state.js';
import {loadKeys} from './views.js';

type Reply = Extract<Message, {readonly type: 'reply'}>;

/** One line goes to the footer, several open as a text. */
function show(state: UiState, {call, reply}: Reply, at: number): UiState {
	const isWaited = state.reply.kind === 'waiting' && state.reply.call === call;
	if (!isWaited && state.reply.kind === 'waiting') return state;
	if (!reply.ok || reply.lines.length <= 1) return {...state, reply: {kind: 'answered', call, reply, at}};
	if (state.overlay.kind !== 'none') return {...state, reply: {kind: 'none'}};
	return {...state, reply: {kind: 'none'}, overlay: {kind: 'reply', call, lines: reply.lines, top: 0}};
}

function takePaletteReply(state: UiState, message: Reply, now: number): UiState {
	const {overlay} = state;
	if (overlay.kind !== 'palette' || overlay.running === undefined) return show(state, message, now);
	const {reply} = message;
	// Whoever has typed on meanwhile keeps the palette.
	const isUntouched = textOf(overlay.line).trim() === overlay.running;
	if (!reply.ok)
		return {
			...state,
			reply: {kind: 'none'},
			overlay: {...overlay, running: undefined, error: isUntouched ? reply.message : overlay.error},
		};
	return show(isUntouched ? closed(state) : {...state, overlay: {...overlay, running: undefined}}, message, now);
}

function takeKeys(state: UiState, {purpose, reply}: Reply, now: number): UiState {
	const {keys} = state;
	if (!reply.ok) return {...state, keys: {...keys, load: {kind: 'failed', message: reply.message}}};
	const page = readKeyPage(reply.data);
	if (!page) return {...state, keys: {...keys, load: {kind: 'failed', message: 'the list of keys could not be read'}}};
	const known = purpose === 'more-keys' ? new Map(keys.rows.map((row) => [row.key, row])) : new Map();
	for (const row of page.rows) known.set(row.key, row);
	const rows = [...known.values()].slice(0, keyRowLimit);
	const selected = Math.min(keys.selected, Math.max(0, rows.length - 1));
	return {...state, keys: {...keys, rows, cursor: page.cursor, selected, load: {kind: 'loaded', at: now}}};
}

function takeInspection(state: UiState, {call, reply}: Reply): UiState {
	const {open} = state.keys;
	if (!open || open.key !== call.args[0]) return state;
	const lines = reply.ok ? reply.lines : [reply.message];
	return {...state, keys: {...state.keys, open: {...open, lines}}};
}

/** The state once the engine has answered. */
export function takeReply(state: UiState, message: Reply, context: Context): Step {
	switch (message.purpose) {
		case 'palette':
			return stay(takePaletteReply(state, message, context.now));
		case 'menu':
			return stay(show(state, message, context.now));
		case 'keys':
		case 'more-keys':
			return stay(takeKeys(state, message, context.now));
		case 'inspect':
			return stay(takeInspection(state, message));
		case 'delete': {
			const shown = show(state, message, context.now);
			return message.reply.ok
				? loadKeys({...shown, keys: {...shown.keys, marked: new Set(), open: undefined}})
				: stay(shown);
		}
		case 'drills':
			return stay({
				...state,
				faults: {...state.faults, drills: message.reply.ok ? readDrills(message.reply.data) : []},
			});
	}
}
