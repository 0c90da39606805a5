import {emptyLine, type Line, lineOf, textOf} from '../../input/line-editor.js';
import {recalledLine} from '../../input/recalling-line.js';
import {type Context, noEffects, type Step, withEffects} from '../command.js';
import type {PaletteState, UiState} from '../ui-state.js';
import {completionsOf} from './completions.js';

export function openPalette(state: UiState, text: string): UiState {
	const dialog: PaletteState = {
		kind: 'palette',
		line: lineOf(text),
		selected: -1,
		recalled: -1,
		draft: emptyLine,
		live: {question: '', items: []},
		error: undefined,
		running: undefined,
	};
	return {...state, dialog, reply: {kind: 'none'}};
}

/** The palette after its line was edited. */
export function withLine(palette: PaletteState, line: Line): PaletteState {
	return {...palette, line, selected: -1, recalled: -1, error: undefined};
}

/** Shows the palette, and asks the engine for completions that it does not have yet. */
export function showPalette(state: UiState, palette: PaletteState, context: Context): Step {
	const next: UiState = {...state, dialog: palette};
	const {question} = completionsOf(palette, context);
	if (!question || question.id === palette.live.question) return noEffects(next);
	const {id, name, index, prefix} = question;
	return withEffects(next, {type: 'complete', question: id, name, index, prefix});
}

/** Takes completions that the engine has sent. */
export function withCompletions(state: UiState, question: string, items: readonly string[]): UiState {
	const {dialog} = state;
	return dialog.kind === 'palette' ? {...state, dialog: {...dialog, live: {question, items}}} : state;
}

/** Shows the previous (-1) or the next (1) line of the history; after the newest one, the draft. */
export function recallLine(state: UiState, palette: PaletteState, by: 1 | -1): UiState {
	const line = recalledLine(palette, state.history, by);
	return line ? {...state, dialog: {...palette, ...line, selected: -1, error: undefined}} : state;
}

/** Selects the previous or the next completion. With an empty line, moves through the history instead. */
export function chooseCompletion(state: UiState, palette: PaletteState, by: 1 | -1, context: Context): UiState {
	const {candidates} = completionsOf(palette, context);
	const isAtStart = textOf(palette.line) === '' && palette.selected === -1;
	if (palette.recalled >= 0 || candidates.length === 0 || (isAtStart && by === -1))
		return recallLine(state, palette, by);
	// One more position than candidates, for "none selected".
	const places = candidates.length + 1;
	const selected = ((palette.selected + 1 + by + places) % places) - 1;
	return {...state, dialog: {...palette, selected}};
}
