import {insert, textOf} from '../input/line-editor.js';
import {noEffects} from '../state/command.js';
import {deleteConfirmed, writeEdited} from '../state/keys/change-keys.js';
import {promptOf} from '../state/prompt.js';
import {runAndShow} from '../state/reply.js';
import {closeDialog} from '../state/ui-state.js';
import {keyCommand} from './define.js';

export const close = keyCommand({
	name: 'close',
	summary: 'Close the dialog',
	shortcuts: [
		{in: 'palette', keys: ['esc', 'ctrl+c', 'ctrl+g'], label: 'close', help: 'Close the palette', footer: 40},
		{in: 'help', keys: ['esc', 'enter', 'ctrl+c'], label: 'close', help: 'Close the help', footer: 30},
		{in: 'text', keys: ['esc', 'q', 'enter', 'ctrl+c'], label: 'close', help: 'Close a reply', footer: 20},
		{
			in: 'explain',
			keys: ['esc', 'i', 'q', 'enter', 'ctrl+c'],
			label: 'close',
			help: 'Close an explanation',
			footer: 10,
		},
		{
			in: 'outage-menu',
			keys: ['esc', 'q', 'o', 'ctrl+c'],
			label: 'close',
			help: 'Close the outage menu',
			footer: 50,
		},
		{in: 'edit', keys: ['esc', 'ctrl+c'], label: 'cancel', help: 'Leave the value as it is', footer: 20},
		{in: 'confirm', keys: ['esc', 'ctrl+c'], label: 'cancel', help: 'Change nothing', footer: 20},
	],
	press: (state) => noEffects(closeDialog(state)),
});

export const toggleHelp = keyCommand({
	name: 'toggle-help',
	summary: 'Close the help while nothing is searched',
	shortcuts: [{in: 'help', keys: ['?'], label: 'close'}],
	press(state, context, {key}) {
		const prompt = promptOf(state);
		if (!prompt || textOf(prompt.line) === '') return noEffects(closeDialog(state));
		return prompt.change(insert(prompt.line, key.name), context);
	},
});

export const writeValue = keyCommand({
	name: 'write-value',
	summary: 'Write the edited value',
	shortcuts: [{in: 'edit', keys: ['enter'], label: 'write', footer: 10}],
	press(state) {
		const {dialog} = state;
		if (dialog.kind !== 'edit') return noEffects(state);
		return writeEdited(closeDialog(state), dialog, textOf(dialog.line));
	},
});

export const confirm = keyCommand({
	name: 'confirm',
	summary: 'Confirm, once the word is typed',
	shortcuts: [{in: 'confirm', keys: ['enter'], shown: 'type the word, Enter', label: 'confirms', footer: 10}],
	press(state) {
		const {dialog} = state;
		if (dialog.kind !== 'confirm' || textOf(dialog.line).trim() !== dialog.word) return noEffects(state);
		const closed = closeDialog(state);
		return state.view === 'keys' ? deleteConfirmed(closed, dialog.call) : runAndShow(closed, dialog.call);
	},
});
