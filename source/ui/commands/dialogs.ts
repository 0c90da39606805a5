import {insert, textOf} from '../input/line-editor.js';
import {noEffects} from '../state/command.js';
import {runConfirmed, writeEdited} from '../state/keys/change-keys.js';
import {promptOf} from '../state/prompt.js';
import {closeDialog} from '../state/ui-state.js';
import {keystrokeCommand} from './define.js';

export const close = keystrokeCommand({
	name: 'close',
	summary: 'Close the dialog',
	shortcuts: [
		{in: 'palette', keystrokes: ['esc', 'ctrl+c', 'ctrl+g'], label: 'close', help: 'Close the palette', footer: 40},
		{in: 'redis', keystrokes: ['esc', 'ctrl+c'], label: 'close', help: 'Close the Redis pane', footer: 40},
		{in: 'help', keystrokes: ['esc', 'enter', 'ctrl+c'], label: 'close', help: 'Close the help', footer: 30},
		{in: 'text', keystrokes: ['esc', 'q', 'enter', 'ctrl+c'], label: 'close', help: 'Close a reply', footer: 20},
		{
			in: 'explain',
			keystrokes: ['esc', 'i', 'q', 'enter', 'ctrl+c'],
			label: 'close',
			help: 'Close an explanation',
			footer: 10,
		},
		{
			in: 'outage-menu',
			keystrokes: ['esc', 'q', 'o', 'ctrl+c'],
			label: 'close',
			help: 'Close the outage menu',
			footer: 50,
		},
		{
			in: 'connections',
			keystrokes: ['esc', 'q', 'c', 'ctrl+c'],
			label: 'close',
			help: 'Stay on this connection',
			footer: 50,
		},
		{in: 'edit', keystrokes: ['esc', 'ctrl+c'], label: 'cancel', help: 'Leave the value as it is', footer: 20},
		{in: 'confirm', keystrokes: ['esc', 'ctrl+c'], label: 'cancel', help: 'Change nothing', footer: 20},
	],
	press: (state) => noEffects(closeDialog(state)),
});

export const toggleHelp = keystrokeCommand({
	name: 'toggle-help',
	summary: 'Close the help while nothing is searched',
	shortcuts: [{in: 'help', keystrokes: ['?'], label: 'close'}],
	press(state, context) {
		const prompt = promptOf(state);
		if (!prompt || textOf(prompt.line) === '') return noEffects(closeDialog(state));
		return prompt.change(insert(prompt.line, '?'), context);
	},
});

export const writeValue = keystrokeCommand({
	name: 'write-value',
	summary: 'Write the edited value',
	shortcuts: [{in: 'edit', keystrokes: ['enter'], label: 'write', footer: 10}],
	press(state, context) {
		const {dialog} = state;
		if (dialog.kind !== 'edit') return noEffects(state);
		return writeEdited(closeDialog(state), dialog, textOf(dialog.line), context);
	},
});

export const confirm = keystrokeCommand({
	name: 'confirm',
	summary: 'Confirm, after the word is typed',
	shortcuts: [{in: 'confirm', keystrokes: ['enter'], shown: 'type the word, Enter', label: 'confirms', footer: 10}],
	press(state) {
		const {dialog} = state;
		if (dialog.kind !== 'confirm') return noEffects(state);
		const typed = textOf(dialog.line);
		if (typed.trim() !== dialog.word) return noEffects({...state, dialog: {...dialog, refused: typed}});
		return runConfirmed(closeDialog(state), dialog.call);
	},
});
