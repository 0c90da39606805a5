import type {Keystroke} from '../input/keystroke.js';
import {editLine, emptyLine, insert, lineOf, textOf} from '../input/line-editor.js';
import {type Context, closed, type Effect, noEffects, type Step, withEffects} from './message.js';
import {complete, paletteView, parseLine} from './palette-model.js';
import {runScreenCommand} from './screen-commands.js';
import type {PaletteState, UiState} from './ui-state.js';

const historyLimit = 200;

export function openPalette(state: UiState, text: string): UiState {
	const overlay: PaletteState = {
		kind: 'palette',
		line: lineOf(text),
		selected: -1,
		recalled: -1,
		draft: emptyLine,
		live: {question: '', items: []},
		error: undefined,
		running: undefined,
	};
	return {...state, overlay, reply: {kind: 'none'}};
}

/** After the line has changed: asks for completions if they are not there. */
function withLine(state: UiState, palette: PaletteState, context: Context): Step {
	const next: UiState = {...state, overlay: palette};
	const {question} = paletteView(palette, context);
	if (!question || question.id === palette.live.question) return noEffects(next);
	const effect: Effect = {
		type: 'complete',
		question: question.id,
		name: question.name,
		index: question.index,
		prefix: question.prefix,
	};
	return withEffects(next, effect);
}

function typed(palette: PaletteState, line: PaletteState['line']): PaletteState {
	return {...palette, line, selected: -1, recalled: -1, error: undefined};
}

function recall(state: UiState, palette: PaletteState, by: 1 | -1): PaletteState {
	const {history} = state;
	const from = palette.recalled === -1 ? history.length : palette.recalled;
	const to = from + by;
	if (to < 0 || from + by > history.length) return palette;
	const draft = palette.recalled === -1 ? palette.line : palette.draft;
	if (to === history.length) return {...palette, line: draft, recalled: -1, error: undefined};
	return {...palette, line: lineOf(history[to] ?? ''), recalled: to, draft, selected: -1, error: undefined};
}

function remember(history: readonly string[], line: string): readonly string[] {
	return [...history.filter((known) => known !== line), line].slice(-historyLimit);
}

/** Runs a line that was typed: asks for a word first where the command wants one. */
function submit(state: UiState, palette: PaletteState, context: Context): Step {
	const parsed = parseLine(palette.line, context);
	if (!parsed.ok) return noEffects({...state, overlay: {...palette, error: parsed.message}});
	const {call, spec} = parsed;
	const line = textOf(palette.line).trim();
	const remembered: UiState = {...state, history: remember(state.history, line)};
	if (spec.where === 'screen') return runScreenCommand(closed(remembered), call, context.now);
	if (spec.confirm !== undefined) {
		const about = [`${spec.summary}.`];
		return noEffects({
			...remembered,
			overlay: {kind: 'confirm', title: spec.name, calls: [call], word: spec.confirm, about, line: emptyLine},
		});
	}
	return withEffects(
		{...remembered, overlay: {...palette, running: line, error: undefined}, reply: {kind: 'waiting', call}},
		{type: 'run', purpose: 'palette', call},
	);
}

function choose(state: UiState, palette: PaletteState, context: Context, by: 1 | -1): Step {
	const {candidates} = paletteView(palette, context);
	if (candidates.length === 0 || (textOf(palette.line) === '' && by === -1 && palette.selected === -1))
		return noEffects({...state, overlay: recall(state, palette, by)});
	const count = candidates.length;
	// One place before the first: nothing is chosen.
	const selected = ((palette.selected + 1 + by + count + 1) % (count + 1)) - 1;
	return noEffects({...state, overlay: {...palette, selected}});
}

export function updatePalette(state: UiState, palette: PaletteState, key: Keystroke, context: Context): Step {
	switch (key.name) {
		case 'esc':
		case 'ctrl+c':
		case 'ctrl+g':
			return noEffects(closed(state));
		case 'up':
			return palette.recalled >= 0
				? noEffects({...state, overlay: recall(state, palette, -1)})
				: choose(state, palette, context, -1);
		case 'down':
			return palette.recalled >= 0
				? noEffects({...state, overlay: recall(state, palette, 1)})
				: choose(state, palette, context, 1);
		case 'ctrl+p':
			return noEffects({...state, overlay: recall(state, palette, -1)});
		case 'ctrl+n':
			return noEffects({...state, overlay: recall(state, palette, 1)});
		case 'shift+tab':
			return choose(state, palette, context, -1);
		case 'tab': {
			const {candidates} = paletteView(palette, context);
			const chosen = candidates[Math.max(0, palette.selected)];
			return chosen ? withLine(state, typed(palette, complete(palette.line, chosen.text)), context) : noEffects(state);
		}
		case 'enter': {
			const chosen = palette.selected < 0 ? undefined : paletteView(palette, context).candidates[palette.selected];
			if (!chosen) return submit(state, palette, context);
			const completed = typed(palette, complete(palette.line, chosen.text));
			return parseLine(completed.line, context).ok
				? submit(state, completed, context)
				: withLine(state, completed, context);
		}
		default: {
			if (key.name === 'backspace' && textOf(palette.line) === '') return noEffects(closed(state));
			const line = editLine(palette.line, key);
			return line ? withLine(state, typed(palette, line), context) : noEffects(state);
		}
	}
}

export function pasteIntoPalette(state: UiState, palette: PaletteState, text: string, context: Context): Step {
	return withLine(state, typed(palette, insert(palette.line, text)), context);
}
