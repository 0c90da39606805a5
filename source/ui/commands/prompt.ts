import {type LineEditKey, lineEdits} from '../input/line-editor.js';
import {noEffects} from '../state/command.js';
import {promptOf} from '../state/prompt.js';
import {keyCommand} from './define.js';

const isEdit = (key: string): key is LineEditKey => Object.hasOwn(lineEdits, key);

const editKeys = <const Keys extends readonly [LineEditKey, ...LineEditKey[]]>(...keys: Keys) => keys;

export const editLine = keyCommand({
	name: 'edit-line',
	summary: 'Edit the typed text as in a shell',
	shortcuts: [
		{
			in: 'prompt',
			keys: editKeys('left', 'right', 'ctrl+b', 'ctrl+f', 'ctrl+left', 'ctrl+right'),
			shown: '←→ Ctrl-←→',
			label: 'move',
			help: 'Move the cursor by a character or a word',
		},
		{
			in: 'prompt',
			keys: editKeys('ctrl+a', 'home', 'ctrl+e', 'end'),
			shown: 'Ctrl-A Ctrl-E',
			label: 'ends',
			help: 'Move to the start or the end; so do Home and End',
			footer: 80,
		},
		{
			in: 'prompt',
			keys: editKeys('ctrl+u', 'ctrl+k'),
			shown: 'Ctrl-U',
			label: 'clear',
			help: 'Delete to the start; Ctrl-K deletes to the end',
			footer: 60,
		},
		{
			in: 'prompt',
			keys: editKeys('ctrl+w'),
			shown: 'Ctrl-W',
			label: 'delete word',
			help: 'Delete the word before the cursor',
			footer: 70,
		},
		{
			in: 'prompt',
			keys: editKeys('backspace', 'ctrl+h', 'delete', 'ctrl+d'),
			shown: 'Backspace Delete',
			label: 'delete',
			help: 'Delete the character before or after the cursor',
		},
	],
	press(state, context, {key}) {
		const prompt = promptOf(state);
		return prompt && isEdit(key.name) ? prompt.change(lineEdits[key.name](prompt.line), context) : noEffects(state);
	},
});
