import type {CommandCall} from '../../engine/specs/command-calls.js';
import type {CommandName} from '../../engine/specs/command-specs.js';
import {lineOfCall} from '../input/split-command.js';
import type {Answer, Context, Step, TakeReply} from './command.js';
import {ask, noEffects, withEffects} from './command.js';
import {printReply} from './redis/printed.js';
import {type UiState, withAnswer} from './ui-state.js';

/** Runs a call, shows it in the footer until it is answered, and then its answer. */
export function runAndShow<Name extends CommandName>(state: UiState, call: CommandCall<Name>): Step {
	return runThen(state, call, (current, answer, context) => noEffects(showReply(current, answer, context)));
}

/** Runs a call and shows it in the footer until it is answered. */
export function runThen<Name extends CommandName>(
	state: UiState,
	call: CommandCall<Name>,
	take: TakeReply<Name>,
): Step {
	return withEffects({...state, reply: {kind: 'waiting', call: call as CommandCall}}, ask(call, take));
}

/** Shows an answer: one line in the footer, several in a dialog. A reply is dropped if another call was started meanwhile. */
export function showReply<Name extends CommandName>(
	state: UiState,
	{call, reply}: Answer<Name>,
	{now}: Context,
): UiState {
	if (state.reply.kind === 'waiting' && state.reply.call !== (call as CommandCall)) return state;
	if (call.name === 'redis') return printReply(state, {call, reply} as Answer<'redis'>);
	if (!reply.ok) return withAnswer(state, false, reply.message, now);
	const {lines} = reply;
	if (lines.length <= 1) return withAnswer(state, true, lines[0] ?? 'done', now);
	if (state.dialog.kind !== 'none') return {...state, reply: {kind: 'none'}};
	const title = lineOfCall(call as CommandCall);
	return {...state, reply: {kind: 'none'}, dialog: {kind: 'text', title, lines, top: 0}};
}
