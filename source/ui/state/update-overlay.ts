import {explanation, explanationSize} from '../explanations.js';
import {type HelpLine, helpLines} from '../help-lines.js';
import type {Keystroke} from '../input/keystroke.js';
import {editLine, textOf} from '../input/line-editor.js';
import {lineOfCall} from '../input/split-command.js';
import {overlaySize} from '../layout.js';
import {type Context, closed, type Effect, noEffects, type Step, withEffects} from './message.js';
import {moveSelection} from './move.js';
import {callOf, durations, outageItems} from './outage-menu.js';
import type {Overlay, UiState} from './ui-state.js';
import {openPalette, updatePalette} from './update-palette.js';

type Of<Kind extends Overlay['kind']> = Extract<Overlay, {readonly kind: Kind}>;

const scrollNames: Readonly<Record<string, string>> = {
	up: 'up',
	down: 'down',
	pageup: 'pageup',
	pagedown: 'pagedown',
	home: 'home',
	end: 'end',
};

function scroll(name: string, top: number, lines: number, rows: number): number {
	return Math.min(Math.max(0, lines - rows), moveSelection(name, top, lines, rows) ?? top);
}

function updateHelp(state: UiState, help: Of<'help'>, key: Keystroke, context: Context): Step {
	if (key.name === 'esc' || key.name === 'enter' || key.name === 'ctrl+c') return noEffects(closed(state));
	if (key.name === '?' && textOf(help.line) === '') return noEffects(closed(state));
	const moved = scrollNames[key.name];
	if (moved) {
		const lines: readonly HelpLine[] = helpLines(
			context.commands,
			textOf(help.line),
			overlaySize(context.size).columns - 4,
		);
		const rows = overlaySize(context.size).rows - 4;
		return noEffects({...state, overlay: {...help, top: scroll(moved, help.top, lines.length, rows)}});
	}
	const line = editLine(help.line, key);
	return line ? noEffects({...state, overlay: {...help, line, top: 0}}) : noEffects(state);
}

function updateOutage(state: UiState, menu: Of<'outage'>, key: Keystroke, context: Context): Step {
	const items = outageItems(context);
	const item = items[Math.min(menu.selected, items.length - 1)];
	switch (key.name) {
		case 'esc':
		case 'q':
		case 'o':
		case 'ctrl+c':
			return noEffects(closed(state));
		case 'left':
		case 'h':
			return noEffects({
				...state,
				overlay: {...menu, lasting: (menu.lasting + durations.length - 1) % durations.length},
			});
		case 'right':
		case 'l':
			return noEffects({...state, overlay: {...menu, lasting: (menu.lasting + 1) % durations.length}});
		case 'e': {
			const call = item && callOf(item, menu.lasting);
			return call ? noEffects(openPalette(state, `${lineOfCall(call)} `)) : noEffects(state);
		}
		case 'enter': {
			const call = item && callOf(item, menu.lasting);
			return call
				? withEffects({...closed(state), reply: {kind: 'waiting', call}}, {type: 'run', purpose: 'menu', call})
				: noEffects(state);
		}
		default: {
			const selected = moveSelection(key.name, menu.selected, items.length, 8);
			return selected === undefined ? noEffects(state) : noEffects({...state, overlay: {...menu, selected}});
		}
	}
}

function updateReply(state: UiState, reply: Of<'reply'>, key: Keystroke, context: Context): Step {
	if (['esc', 'q', 'enter', 'ctrl+c'].includes(key.name)) return noEffects(closed(state));
	if (key.name === ':') return noEffects(openPalette(state, ''));
	const rows = overlaySize(context.size).rows - 3;
	return noEffects({...state, overlay: {...reply, top: scroll(key.name, reply.top, reply.lines.length, rows)}});
}

function updateEdit(state: UiState, edit: Of<'edit'>, key: Keystroke): Step {
	if (key.name === 'esc' || key.name === 'ctrl+c') return noEffects(closed(state));
	if (key.name === 'enter') {
		const call = {name: edit.name, args: [...edit.before, textOf(edit.line), ...edit.after]};
		return withEffects({...closed(state), reply: {kind: 'waiting', call}}, {type: 'run', purpose: 'changed', call});
	}
	const line = editLine(edit.line, key);
	return line ? noEffects({...state, overlay: {...edit, line}}) : noEffects(state);
}

function updateConfirm(state: UiState, confirm: Of<'confirm'>, key: Keystroke): Step {
	if (key.name === 'esc' || key.name === 'ctrl+c') return noEffects(closed(state));
	if (key.name === 'enter') {
		if (textOf(confirm.line).trim() !== confirm.word) return noEffects(state);
		const purpose = state.view === 'keys' ? 'delete' : 'menu';
		const [call] = confirm.calls;
		if (!call) return noEffects(closed(state));
		return withEffects(
			{...closed(state), reply: {kind: 'waiting', call}},
			...confirm.calls.map((each) => ({type: 'run' as const, purpose, call: each}) satisfies Effect),
		);
	}
	const line = editLine(confirm.line, key);
	return line ? noEffects({...state, overlay: {...confirm, line}}) : noEffects(state);
}

function updateExplain(state: UiState, explain: Of<'explain'>, key: Keystroke, {size}: Context): Step {
	if (['esc', 'i', 'q', 'enter', 'ctrl+c'].includes(key.name)) return noEffects(closed(state));
	const {lines} = explanation(explain.subject, size);
	const top = scroll(key.name, explain.top, lines.length, explanationSize(size).rows);
	return noEffects({...state, overlay: {...explain, top}});
}

/** A key while something lies over the view; undefined when nothing does. */
export function updateOverlay(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {overlay} = state;
	switch (overlay.kind) {
		case 'none':
			return undefined;
		case 'palette':
			return updatePalette(state, overlay, key, context);
		case 'help':
			return updateHelp(state, overlay, key, context);
		case 'outage':
			return updateOutage(state, overlay, key, context);
		case 'explain':
			return updateExplain(state, overlay, key, context);
		case 'reply':
			return updateReply(state, overlay, key, context);
		case 'edit':
			return updateEdit(state, overlay, key);
		case 'confirm':
			return updateConfirm(state, overlay, key);
	}
}
