import type {KeystrokeName} from '../input/keystroke.js';
import {type LineEditKeystroke, lineEdits} from '../input/line-editor.js';
import {noEffects} from '../state/command.js';
import {promptOf} from '../state/prompt.js';
import {keystrokeCommand} from './define.js';

const isEdit = (name: KeystrokeName | undefined): name is LineEditKeystroke =>
	name !== undefined && Object.hasOwn(lineEdits, name);

const editKeystrokes = <const Names extends readonly [LineEditKeystroke, ...LineEditKeystroke[]]>(...names: Names) =>
	names;

export const editLine = keystrokeCommand({
	name: 'edit-line',
	summary: 'Edit the typed text as in a shell',
	shortcuts: [
		{
			in: 'prompt',
			keystrokes: editKeystrokes('left', 'right', 'ctrl+b', 'ctrl+f', 'ctrl+left', 'ctrl+right'),
			shown: '←→ Ctrl-←→',
			label: 'move',
			help: 'Move the cursor by a character or a word',
		},
		{
			in: 'prompt',
			keystrokes: editKeystrokes('ctrl+a', 'home', 'ctrl+e', 'end'),
			shown: 'Ctrl-A Ctrl-E',
			label: 'ends',
			help: 'Move to the start or the end; so do Home and End',
			footer: 80,
		},
		{
			in: 'prompt',
			keystrokes: editKeystrokes('ctrl+u', 'ctrl+k'),
			shown: 'Ctrl-U',
			label: 'clear',
			help: 'Delete to the start; Ctrl-K deletes to the end',
			footer: 60,
		},
		{
			in: 'prompt',
			keystrokes: editKeystrokes('ctrl+w'),
			shown: 'Ctrl-W',
			label: 'delete word',
			help: 'Delete the word before the cursor',
			footer: 70,
		},
		{
			in: 'prompt',
			keystrokes: editKeystrokes('backspace', 'ctrl+h', 'delete', 'ctrl+d'),
			shown: 'Backspace Delete',
			label: 'delete',
			help: 'Delete the character before or after the cursor',
		},
	],
	press(state, context, {keystroke}) {
		const prompt = promptOf(state);
		return prompt && isEdit(keystroke.name)
			? prompt.change(lineEdits[keystroke.name](prompt.line), context)
			: noEffects(state);
	},
});
