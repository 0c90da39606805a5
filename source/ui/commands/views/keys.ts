import {noEffects} from '../../state/command.js';
import {isEmpty} from '../../state/filter.js';
import {parentOf, treeLines} from '../../state/keys/key-tree.js';
import {selectedKey, selectedTreeLine} from '../../state/keys/keys-state.js';
import {loadKeys, sortKeys, toggleScan} from '../../state/keys/load-keys.js';
import {fold, loadMoreTree, loadTree, reloadTree, sortTree, splitTreeAt, unfold} from '../../state/keys/load-tree.js';
import {closeKey, dropSearch, openKey as open} from '../../state/keys/open-key.js';
import {openPalette} from '../../state/palette/palette.js';
import {withKeys, withTree} from '../../state/slices.js';
import type {UiState} from '../../state/ui-state.js';
import {keystrokeCommand, screenCommand} from '../define.js';

export const openKey = keystrokeCommand({
	name: 'open-key',
	summary: 'Show the value of the key; in the tree, unfold or fold a group',
	shortcuts: [{in: 'keys', keystrokes: ['enter'], label: 'open', footer: 60}],
	press(state) {
		const {keys} = state;
		const line = keys.shape === 'tree' ? selectedTreeLine(keys) : undefined;
		if (line?.kind === 'group')
			return line.isUnfolded ? noEffects(fold(state, line.prefix)) : unfold(state, line.prefix);
		const key = selectedKey(keys);
		return key === undefined ? noEffects(state) : open(state, key);
	},
});

export const closeValue = keystrokeCommand({
	name: 'close-value',
	summary: 'Close the value; while a search applies, remove it',
	shortcuts: [{in: 'key-value', keystrokes: ['esc', 'enter'], label: 'back', footer: 1}],
	press(state) {
		const {open} = state.keys;
		return open && !isEmpty(open.filter) ? dropSearch(state) : noEffects(closeKey(state));
	},
});

export const unfoldGroup = keystrokeCommand({
	name: 'unfold-group',
	summary: 'Unfold the group',
	shortcuts: [{in: 'key-tree', keystrokes: ['right', 'l'], shown: '→ l', label: 'unfold'}],
	press(state) {
		const line = selectedTreeLine(state.keys);
		return line?.kind === 'group' && !line.isUnfolded ? unfold(state, line.prefix) : noEffects(state);
	},
});

export const foldGroup = keystrokeCommand({
	name: 'fold-group',
	summary: 'Fold the group, or go to the group of the key',
	shortcuts: [{in: 'key-tree', keystrokes: ['left', 'h'], shown: '← h', label: 'fold'}],
	press(state) {
		const line = selectedTreeLine(state.keys);
		if (line?.kind === 'group' && line.isUnfolded) return noEffects(fold(state, line.prefix));
		const {tree} = state.keys;
		const lines = treeLines(tree);
		return noEffects(withTree(state, {selected: parentOf(lines, Math.min(tree.selected, lines.length - 1))}));
	},
});

export const toggleTree = keystrokeCommand({
	name: 'toggle-tree',
	summary: 'Group the keys by the parts of their names, or list them',
	shortcuts: [
		{in: 'key-list', keystrokes: ['t'], label: 'tree', help: 'Group the keys by the parts of their names', footer: 60},
		{in: 'key-tree', keystrokes: ['t'], label: 'list', help: 'List the keys, without groups', footer: 60},
	],
	press(state) {
		const {keys} = state;
		if (keys.shape === 'tree') return noEffects(withKeys(state, {shape: 'list', open: undefined}));
		const next = withKeys(state, {shape: 'tree', open: undefined});
		return keys.tree.nodes.has('') ? noEffects(next) : loadTree(next, '');
	},
});

/** The next line, if there is one. */
function withNextSelected(state: UiState): UiState {
	const {keys} = state;
	if (keys.shape === 'list') return withKeys(state, {selected: Math.min(keys.rows.length - 1, keys.selected + 1)});
	return withTree(state, {selected: Math.min(treeLines(keys.tree).length - 1, keys.tree.selected + 1)});
}

export const markKey = keystrokeCommand({
	name: 'mark-key',
	summary: 'Mark the key, or unmark it',
	shortcuts: [{in: 'keys', keystrokes: [' '], label: 'mark', footer: 70}],
	press(state) {
		const key = selectedKey(state.keys);
		if (key === undefined) return noEffects(state);
		const marked = new Set(state.keys.marked);
		if (!marked.delete(key)) marked.add(key);
		return noEffects(withNextSelected(withKeys(state, {marked})));
	},
});

export const markAll = keystrokeCommand({
	name: 'mark-all',
	summary: 'Mark all listed keys, or unmark them',
	shortcuts: [{in: 'keys', keystrokes: ['a'], label: 'mark all'}],
	press(state) {
		const {keys} = state;
		const listed =
			keys.shape === 'list'
				? keys.rows.map((row) => row.key)
				: treeLines(keys.tree).flatMap((line) => (line.kind === 'key' ? [line.row.key] : []));
		const areAllMarked = listed.every((key) => keys.marked.has(key));
		return noEffects(withKeys(state, {marked: areAllMarked ? new Set() : new Set([...keys.marked, ...listed])}));
	},
});

export const sort = keystrokeCommand({
	name: 'sort-keys',
	summary: 'Sort as found, by name, by size or by TTL; by size and TTL scan all keys',
	shortcuts: [
		{in: 'key-list', keystrokes: ['s'], label: 'sort', footer: 90},
		{
			in: 'key-tree',
			keystrokes: ['s'],
			label: 'sort',
			help: 'Sort the groups by keys, by size or by name; by size reads memory and TTL of all keys',
			footer: 90,
		},
	],
	press: (state, context) => (state.keys.shape === 'tree' ? sortTree(state) : sortKeys(state, context)),
});

export const delimiter = screenCommand({
	name: 'delimiter',
	summary: 'Split names in the tree at another delimiter, such as / or ::',
	args: [{name: 'text', kind: 'text'}],
	shortcuts: [{in: 'key-tree', keystrokes: ['D'], label: 'delimiter', footer: 95}],
	run(state, _, [text], keystroke) {
		if (keystroke !== undefined || text === undefined) return noEffects(openPalette(state, 'delimiter '));
		const shown = withKeys({...state, view: 'keys'}, {shape: 'tree', open: undefined});
		return splitTreeAt(shown, text);
	},
});

export const reload = keystrokeCommand({
	name: 'reload-keys',
	summary: 'Load the keys again',
	shortcuts: [{in: 'keys', keystrokes: ['r'], label: 'reload', footer: 100}],
	press: (state) => (state.keys.shape === 'tree' ? reloadTree(state) : loadKeys(state)),
});

export const loadMore = keystrokeCommand({
	name: 'load-more-keys',
	summary: 'Load the next page of keys; pause or resume a scan',
	shortcuts: [{in: 'keys', keystrokes: ['n'], label: 'more', footer: 110}],
	press: (state) => (state.keys.shape === 'tree' ? loadMoreTree(state) : toggleScan(state)),
});
