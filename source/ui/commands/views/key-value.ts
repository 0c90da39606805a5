import {formatBytes} from '../../../text/number.js';
import {type Context, noEffects, type Step, withEffects} from '../../state/command.js';
import {selectedKey} from '../../state/keys/keys-state.js';
import {foldValue as fold, loadMoreElements, refreshOpenKey, shownLines} from '../../state/keys/open-key.js';
import {withKeys} from '../../state/slices.js';
import {type UiState, withAnswer} from '../../state/ui-state.js';
import {keystrokeCommand} from '../define.js';

export const searchValue = keystrokeCommand({
	name: 'search-value',
	summary: 'Search in the value: elements of a collection in Redis, lines of a text as you type',
	shortcuts: [{in: 'key-value', keystrokes: ['/'], label: 'search', footer: 5}],
	press(state) {
		const {open} = state.keys;
		if (!open) return noEffects(state);
		return noEffects(withKeys(state, {open: {...open, filter: {...open.filter, isTyping: true}}}));
	},
});

export const moreElements = keystrokeCommand({
	name: 'more-elements',
	summary: 'Load the next elements of the collection, or stop the search in it',
	shortcuts: [{in: 'key-value', keystrokes: ['n'], label: 'more', footer: 7}],
	press: loadMoreElements,
});

export const foldValue = keystrokeCommand({
	name: 'fold-value',
	summary: 'Fold the JSON by one level',
	shortcuts: [{in: 'key-value', keystrokes: ['-'], label: 'fold', footer: 9}],
	press: (state) => fold(state, -1),
});

export const unfoldValue = keystrokeCommand({
	name: 'unfold-value',
	summary: 'Unfold the JSON by one level',
	shortcuts: [{in: 'key-value', keystrokes: ['+', '='], label: 'unfold', footer: 10}],
	press: (state) => fold(state, 1),
});

export const refreshValue = keystrokeCommand({
	name: 'refresh-value',
	summary: 'Read the value again',
	shortcuts: [{in: 'key-value', keystrokes: ['r'], label: 'refresh', footer: 8}],
	press: refreshOpenKey,
});

/** Longest text that terminals accept in one escape sequence, in bytes. */
const maxCopied = 74_000;

function copied(state: UiState, what: string, text: string, {now}: Context): Step {
	const bytes = Buffer.byteLength(text);
	if (bytes > maxCopied)
		return noEffects(
			withAnswer(state, false, `${what} is too long for the clipboard of a terminal: ${formatBytes(bytes)}`, now),
		);
	return withEffects(withAnswer(state, true, `copied ${what}, ${formatBytes(bytes)}, if the terminal allows it`, now), {
		type: 'copy',
		text,
	});
}

export const copyValue = keystrokeCommand({
	name: 'copy-value',
	summary: 'Copy the value as it is shown, by OSC 52: through SSH and tmux as well',
	shortcuts: [{in: 'key-value', keystrokes: ['y'], label: 'copy', footer: 5}],
	press(state, context) {
		const {open} = state.keys;
		if (!open?.lines) return noEffects(state);
		const text = open.details?.preview.parts[0];
		const isText = open.details?.preview.unit === 'bytes' && text?.value !== undefined;
		return copied(state, 'the value', isText ? (text.value ?? '') : shownLines(open).join('\n'), context);
	},
});

export const copyKey = keystrokeCommand({
	name: 'copy-key',
	summary: 'Copy the name of the key',
	shortcuts: [
		{in: 'keys', keystrokes: ['y'], label: 'copy', footer: 120},
		{in: 'key-value', keystrokes: ['Y'], label: 'copy key'},
	],
	press(state, context) {
		const key = selectedKey(state.keys);
		return key === undefined ? noEffects(state) : copied(state, 'the name', key, context);
	},
});
