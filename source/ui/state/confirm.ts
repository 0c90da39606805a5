import {consentWordOf} from '../../engine/consent/consent-word.js';
import type {CommandCall} from '../../engine/specs/command-calls.js';
import {emptyLine, textOf} from '../input/line-editor.js';
import {lineOfCall} from '../input/split-command.js';
import {type Answer, type Context, noEffects, type Step} from './command.js';
import {type ConfirmState, type UiState, withAnswer} from './ui-state.js';

/** What is wrong with the text that was confirmed; undefined once it is changed. */
export const refusalOf = ({line, refused}: ConfirmState): string | undefined =>
	refused === textOf(line) ? 'That is not the word. Type it exactly as it is shown, or press Esc.' : undefined;

type Question = Pick<ConfirmState, 'title' | 'call' | 'about' | 'word'>;

/**
 * Requires a typed word before a call is made. On a Redis that this program did not start, the word is its host: the
 * engine requires it, so that the user knows the target.
 */
export function askFirst(state: UiState, question: Question, {snapshot}: Context): Step {
	const {title, call, about, word} = question;
	if (snapshot?.target.kind !== 'external')
		return noEffects({...state, dialog: {kind: 'confirm', title, call, word, about, line: emptyLine}});
	const {url} = snapshot.target;
	const host = consentWordOf(url);
	return noEffects({
		...state,
		dialog: {
			kind: 'confirm',
			title,
			call: {...call, consent: host} as CommandCall,
			word: host,
			about: [...about, `This Redis is ${url}, which this program did not start.`],
			line: emptyLine,
		},
	});
}

/**
 * Shows the engine's question before a call runs; undefined if there is none. A dialog that was opened meanwhile is not
 * replaced, and the footer shows the question.
 */
export function askForConsent(state: UiState, {call, reply}: Answer, {now}: Context): Step | undefined {
	if (reply.ok || reply.question === undefined) return undefined;
	const {dialog} = state;
	const isFree =
		dialog.kind === 'none' || dialog.kind === 'redis' || (dialog.kind === 'palette' && dialog.running !== undefined);
	if (!isFree) return noEffects(withAnswer(state, false, reply.message, now));
	const {word, about} = reply.question;
	return noEffects({
		...state,
		reply: {kind: 'none'},
		dialog: {
			kind: 'confirm',
			title: call.name,
			call: {...call, consent: word} as CommandCall,
			word,
			about: [...about, `  ${lineOfCall(call)}`],
			line: emptyLine,
		},
	});
}
