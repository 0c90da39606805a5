import {wordsProblem} from '../../../engine/specs/usage.js';
import {fuzzyFilter} from '../../input/fuzzy.js';
import {type Line, textOf} from '../../input/line-editor.js';
import {printedWords, splitLine} from '../../input/split-command.js';
import {type Command, type Context, noEffects, type Step} from '../command.js';
import {findTyped, writeRefusal} from '../gate.js';
import {closeDialog, type PaletteState, type UiState} from '../ui-state.js';
import {remember} from './history.js';

type ParsedLine =
	| {readonly ok: true; readonly command: Command; readonly words: readonly string[]}
	| {readonly ok: false; readonly message: string};

function suggestion(name: string, {commands}: Context): string {
	const names = commands.filter(({group}) => group !== undefined).map((command) => command.name);
	const match = fuzzyFilter(name, names, 1)[0]?.item ?? fuzzyFilter(name.slice(0, 2), names, 1)[0]?.item;
	return match ? `; did you mean ${match}?` : '';
}

/** Parses a line into a command that can run, with a valid number of words. */
export function parseLine(line: Line, context: Context): ParsedLine {
	const split = splitLine(textOf(line));
	if (!split.ok) return {ok: false, message: split.message};
	const [first, ...rest] = split.words;
	if (!first) return {ok: false, message: 'type a command; Tab completes it'};
	const command = findTyped(first.text, context);
	if (!command) return {ok: false, message: `there is no command ${first.text}${suggestion(first.text, context)}`};
	const problem = writeRefusal(command, context) ?? wordsProblem(command, rest.length);
	if (problem !== undefined) return {ok: false, message: problem};
	if (command.name === 'redis' || command.name === 'edit') return {ok: true, command, words: printedWords(rest)};
	return {ok: true, command, words: rest.map(({text}) => text)};
}

/** Runs the line of the palette. A line that cannot run stays, with the reason. */
export function runLine(state: UiState, palette: PaletteState, context: Context): Step {
	const parsed = parseLine(palette.line, context);
	if (!parsed.ok) return noEffects({...state, dialog: {...palette, error: parsed.message}});
	const {command, words} = parsed;
	const kept = remember(state, textOf(palette.line).trim());
	const run = command.run(kept.state, context, {by: 'line', words});
	return {state: run.state, effects: [...kept.effects, ...run.effects]};
}

/** The palette with its line being run by the engine. It stays open until the answer, so that an error is shown in place. */
export function withRunningLine(state: UiState): UiState {
	const {dialog} = state;
	if (dialog.kind !== 'palette') return state;
	return {...state, dialog: {...dialog, running: textOf(dialog.line).trim(), error: undefined}};
}

/** The palette when the engine has answered its line. It stays open after an error, or if the user has typed further text. */
export function withAnsweredLine(state: UiState, error: string | undefined): UiState {
	const {dialog} = state;
	if (dialog.kind !== 'palette' || dialog.running === undefined) return state;
	const isUntouched = textOf(dialog.line).trim() === dialog.running;
	if (error !== undefined)
		return {...state, dialog: {...dialog, running: undefined, error: isUntouched ? error : dialog.error}};
	return isUntouched ? closeDialog(state) : {...state, dialog: {...dialog, running: undefined}};
}
