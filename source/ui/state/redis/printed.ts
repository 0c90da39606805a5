import {emptyLine} from '../../input/line-editor.js';
import {lineOfWords} from '../../input/split-command.js';
import type {Answer} from '../command.js';
import type {RedisPane, UiState} from '../ui-state.js';

/**
 * Limits of the commands and replies that are kept, since all of them are wrapped again when the width of the screen changes.
 */
const maxLines = 5000;
const maxCharacters = 1024 * 1024;

const end = Number.POSITIVE_INFINITY;

export const emptyPane: RedisPane = {
	kind: 'redis',
	line: emptyLine,
	recalled: -1,
	draft: emptyLine,
	top: end,
	error: undefined,
};

/** Starts a line with a command, to distinguish it from replies. */
export const promptMark = '> ';

const wordsOfLine = (name: string, words: readonly string[]): string => lineOfWords(name, words).slice(name.length + 1);

export const openRedisPane = (state: UiState): UiState => ({...state, dialog: emptyPane});

/** The newest lines within the bounds. */
function bounded(lines: readonly string[]): readonly string[] {
	let characters = 0;
	let from = lines.length;
	while (from > 0 && lines.length - from < maxLines) {
		characters += lines[from - 1]?.length ?? 0;
		if (characters > maxCharacters) break;
		from--;
	}
	return lines.slice(from);
}

/** Prints a reply below what was printed before, and shows it unless another dialog was opened meanwhile. */
export function printReply(state: UiState, {call, reply}: Answer<'redis'>): UiState {
	const lines = reply.ok ? reply.lines : [`(error) ${reply.message}`];
	const printed = bounded([...state.printed, `${promptMark}${wordsOfLine('redis', call.args)}`, ...lines]);
	const {dialog} = state;
	const shown: UiState = {...state, printed, reply: {kind: 'none'}};
	if (dialog.kind === 'redis') return {...shown, dialog: {...dialog, top: end}};
	return dialog.kind === 'none' ? openRedisPane(shown) : shown;
}
