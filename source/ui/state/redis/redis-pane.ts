import type {CommandCall} from '../../../engine/specs/command-calls.js';
import {type Line, textOf} from '../../input/line-editor.js';
import {recalledLine} from '../../input/recalling-line.js';
import {lineOfWords, printedWords, splitLine} from '../../input/split-command.js';
import {noEffects, type Step} from '../command.js';
import {remember} from '../palette/history.js';
import {runThen} from '../reply.js';
import type {RedisPane, UiState} from '../ui-state.js';
import {emptyPane, printReply} from './printed.js';

/** Sends words to Redis, and prints the reply. */
export function sendToRedis(state: UiState, words: readonly string[]): Step {
	const call: CommandCall<'redis'> = {name: 'redis', args: words};
	return runThen(state, call, (current, answer) => noEffects(printReply(current, answer)));
}

/** Sends the line of the pane. */
export function sendLine(state: UiState, pane: RedisPane): Step {
	const text = textOf(pane.line).trim();
	if (text === '') return noEffects(state);
	const split = splitLine(text);
	if (!split.ok) return noEffects({...state, dialog: {...pane, error: split.message}});
	const words = printedWords(split.words);
	const kept = remember({...state, dialog: emptyPane}, lineOfWords('redis', words));
	const sent = sendToRedis(kept.state, words);
	return {state: sent.state, effects: [...kept.effects, ...sent.effects]};
}

/** Shows the previous (-1) or the next (1) command that was sent to Redis. */
export function recallCommand(state: UiState, pane: RedisPane, by: 1 | -1): UiState {
	const commands = state.history.filter((line) => line.startsWith('redis ')).map((line) => line.slice('redis '.length));
	const line = recalledLine(pane, commands, by);
	return line ? {...state, dialog: {...pane, ...line, error: undefined}} : state;
}

/** The pane after its line was edited. */
export const typedLine = (pane: RedisPane, line: Line): RedisPane => ({...pane, line, recalled: -1, error: undefined});
