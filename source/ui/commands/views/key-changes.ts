import {parseLifetime} from '../../../text/lifetime.js';
import {lineOfWords} from '../../input/split-command.js';
import {noEffects} from '../../state/command.js';
import {
	askForLifetime,
	askToDelete,
	askToEdit,
	askToExpireAll,
	askToSweep,
	askToUndo,
} from '../../state/keys/change-keys.js';
import {askToEditInEditor} from '../../state/keys/edit-text.js';
import {selectedKey, selectedTreeLine} from '../../state/keys/keys-state.js';
import {openPalette} from '../../state/palette/palette.js';
import type {UiState} from '../../state/ui-state.js';
import {engineCommand, keystrokeCommand} from '../define.js';

export const remove = engineCommand('remove', {
	shortcuts: [
		{
			in: 'keys',
			keystrokes: ['d'],
			label: 'delete',
			help: 'Delete the marked keys, else the selected key or group, after a word was typed',
			footer: 80,
		},
		{in: 'key-value', keystrokes: ['d'], label: 'delete', footer: 4},
	],
	press(state, context) {
		const {marked} = state.keys;
		if (marked.size > 0) return askToDelete(state, [...marked], context);
		const line = state.keys.shape === 'tree' ? selectedTreeLine(state.keys) : undefined;
		if (line?.kind === 'group') return askToSweep(state, line.pattern);
		const key = selectedKey(state.keys);
		return askToDelete(state, key === undefined ? [] : [key], context);
	},
});

/** When typed, it counts the keys before the confirmation, as for a group. */
export const sweep = engineCommand('sweep', {
	shortcuts: [],
	press: noEffects,
	type: (state, [pattern = '']) => (pattern === 'stop' ? undefined : askToSweep(state, pattern)),
});

export const expireAll = engineCommand('expire-all', {
	shortcuts: [],
	press: noEffects,
	type: (state, [pattern = '', ttl = '']) =>
		ttl === 'never' || parseLifetime(ttl) !== undefined ? askToExpireAll(state, pattern, ttl) : undefined,
});

export const undo = engineCommand('undo', {
	shortcuts: [{in: 'keys', keystrokes: ['u'], label: 'undo', help: 'Restore the keys deleted last', footer: 115}],
	press: askToUndo,
});

/** Opens the palette with a command on the selected key, ready for the new name. */
const askForName = (command: 'rename' | 'copy') => (state: UiState) => {
	const key = selectedKey(state.keys);
	return key === undefined ? noEffects(state) : noEffects(openPalette(state, `${lineOfWords(command, [key])} `));
};

export const rename = engineCommand('rename', {
	shortcuts: [{in: 'keys', keystrokes: ['R'], label: 'rename', footer: 116}],
	press: askForName('rename'),
});

export const copy = engineCommand('copy', {
	shortcuts: [{in: 'keys', keystrokes: ['C'], label: 'copy', help: 'Copy the key to another name', footer: 117}],
	press: askForName('copy'),
});

export const edit = engineCommand('edit', {
	shortcuts: [
		{
			in: 'keys',
			keystrokes: ['e'],
			label: 'edit',
			help: 'Edit the value in one line; for an element of a collection, open the command',
			footer: 80,
		},
		{in: 'key-value', keystrokes: ['e'], label: 'edit', footer: 2},
	],
	press(state) {
		const key = selectedKey(state.keys);
		return key === undefined ? noEffects(state) : askToEdit(state, key);
	},
});

export const editText = keystrokeCommand({
	name: 'edit-text',
	summary: 'Edit the text in your editor, $VISUAL or $EDITOR',
	writes: true,
	shortcuts: [
		{in: 'keys', keystrokes: ['E'], label: 'editor', footer: 85},
		{in: 'key-value', keystrokes: ['E'], label: 'editor', footer: 11},
	],
	press(state) {
		const key = selectedKey(state.keys);
		return key === undefined ? noEffects(state) : askToEditInEditor(state, key);
	},
});

export const expire = engineCommand('expire', {
	shortcuts: [
		{
			in: 'keys',
			keystrokes: ['x'],
			label: 'expire',
			help: 'Change when the key, or all keys of the group, expire',
			footer: 90,
		},
		{in: 'key-value', keystrokes: ['x'], label: 'expire', footer: 3},
	],
	press(state, context) {
		const line = state.keys.shape === 'tree' ? selectedTreeLine(state.keys) : undefined;
		if (line?.kind === 'group') return noEffects(openPalette(state, `${lineOfWords('expire-all', [line.pattern])} `));
		const key = selectedKey(state.keys);
		return key === undefined ? noEffects(state) : askForLifetime(state, key, context);
	},
});
