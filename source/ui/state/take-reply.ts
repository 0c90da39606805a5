import {textOf} from '../input/line-editor.js';
import {initialKeys} from './keys-state.js';
import {type Context, closed, type Message, noEffects, type Step, withEffects} from './message.js';
import {readDrills} from './reply-data.js';
import {takeCount, takeEdit, takeInspection, takeKeys, takeTree} from './take-keys.js';
import type {UiState} from './ui-state.js';
import {loadKeys, loadTree} from './views.js';

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

/** What was listed is of another server once the program works on a new one. */
function onNewServer(state: UiState, {call, reply}: Reply): Step {
	if (call.name !== 'connect' || !reply.ok) return noEffects(state);
	const next: UiState = {...state, keys: initialKeys};
	return next.view === 'keys' ? loadKeys(next) : noEffects(next);
}

/** The value as it is after it was changed; the old one stays until the answer is there. */
function inspectAgain(state: UiState, key: string): Step {
	return withEffects(state, {type: 'run', purpose: 'inspect', call: {name: 'inspect', args: [key]}});
}

/** The keys as they are after something was deleted or changed. */
function reloaded(state: UiState): Step {
	const cleared: UiState = {...state, keys: {...state.keys, marked: new Set(), open: undefined}};
	const listed = loadKeys(cleared);
	if (cleared.keys.shape === 'list') return listed;
	const {tree} = cleared.keys;
	const emptied: UiState = {...listed.state, keys: {...listed.state.keys, tree: {...tree, nodes: new Map()}}};
	let current = emptied;
	const effects = [...listed.effects];
	for (const prefix of tree.unfolded) {
		const loaded = loadTree(current, prefix);
		current = loaded.state;
		effects.push(...loaded.effects);
	}
	return {state: current, effects};
}

/** The state once the engine has answered. */
export function takeReply(state: UiState, message: Reply, context: Context): Step {
	switch (message.purpose) {
		case 'palette':
			return onNewServer(takePaletteReply(state, message, context.now), message);
		case 'menu':
			return noEffects(show(state, message, context.now));
		case 'keys':
		case 'more-keys':
			return takeKeys(state, message, context.now);
		case 'tree':
			return takeTree(state, message);
		case 'edit':
			return noEffects(takeEdit(state, message, context));
		case 'changed': {
			const shown = show(state, message, context.now);
			const open = shown.keys.open;
			return message.reply.ok && open ? inspectAgain(shown, open.key) : noEffects(shown);
		}
		case 'count':
			return noEffects(takeCount(state, message, context.now));
		case 'inspect':
			return noEffects(takeInspection(state, message));
		case 'delete': {
			const shown = show(state, message, context.now);
			return message.reply.ok ? reloaded(shown) : noEffects(shown);
		}
		case 'drills':
			return noEffects({
				...state,
				faults: {...state.faults, drills: message.reply.ok ? readDrills(message.reply.data) : []},
			});
	}
}
