import type {CommandCall} from '../../../engine/specs/command-calls.js';
import {printText} from '../../../inspect/escape-bytes.js';
import {formatCountOf} from '../../../text/number.js';
import {type Context, type Edited, noEffects, type Step, type TakeReply, withEffects} from '../command.js';
import {askFirst} from '../confirm.js';
import {runThen, showReply} from '../reply.js';
import {type UiState, withAnswer} from '../ui-state.js';
import {refreshOpenKey} from './open-key.js';

/** Reads the whole text of a key, then opens it in the user's editor. */
export function askToEditInEditor(state: UiState, key: string): Step {
	return runThen(state, {name: 'text', args: [key]}, takeText);
}

const takeText: TakeReply<'text'> = (state, {call, reply}, {now}) => {
	if (!reply.ok) return noEffects(withAnswer(state, false, reply.message, now));
	const [key] = call.args;
	const before = reply.data;
	return withEffects(
		{...state, reply: {kind: 'none'}},
		{
			type: 'edit',
			text: before,
			suffix: isJson(before) ? '.json' : '.txt',
			take: (current, edited, context) => takeEdited(current, {key, before}, edited, context),
		},
	);
};

function takeEdited(
	state: UiState,
	{key, before}: {readonly key: string; readonly before: string},
	edited: Edited,
	context: Context,
): Step {
	if (!edited.ok) return noEffects(withAnswer(state, false, edited.message, context.now));
	if (edited.text === before) return noEffects(withAnswer(state, true, 'nothing was changed', context.now));
	return writeText(
		state,
		{name: 'edit', args: [key, 'set', printText(edited.text), printText(before)]},
		{before, after: edited.text},
		context,
	);
}

/** Writes an edited text, after a confirmation if it was JSON and no longer is. */
export function writeText(
	state: UiState,
	call: CommandCall<'set' | 'edit'>,
	{before, after}: {readonly before: string; readonly after: string},
	context: Context,
): Step {
	const line = isJson(before) ? problemLine(after) : undefined;
	if (line !== undefined) {
		const about = [
			`${call.args[0]} was JSON, and the new text is not, from line ${line} on.`,
			`Confirm to write it as text of ${formatCountOf(after.length, 'character')}.`,
		];
		return askFirst(state, {title: 'No JSON', call: call as CommandCall, word: 'text', about}, context);
	}
	return runThen(state, call, (current, answer, now) => {
		const shown = showReply(current, answer, now);
		return answer.reply.ok ? refreshOpenKey(shown) : noEffects(shown);
	});
}

/** True for an object or a list: a bare number or word is text as well. */
const isJson = (text: string): boolean => /^\s*[{[]/.test(text) && problemLine(text) === undefined;

/**
 * The line at which a text stops being valid JSON; undefined if all of it is valid. The parser's message is not used, since it
 * may quote the value.
 */
function problemLine(text: string): number | undefined {
	try {
		JSON.parse(text);
		return undefined;
	} catch (error) {
		const position = /position (\d+)/.exec((error as Error).message)?.[1];
		return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
	}
}
