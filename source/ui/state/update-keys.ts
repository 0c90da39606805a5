import type {Keystroke} from '../input/keystroke.js';
import {editLine, emptyLine, textOf} from '../input/line-editor.js';
import {bodySize} from '../layout.js';
import {valueLines} from '../views/value-lines.js';
import {askForLifetime, askToDelete, askToEdit, askToSweep} from './key-actions.js';
import {isRanked, type KeysState, keyRowLimit, sortOrders, sortRows} from './keys-state.js';
import {treeLines} from './keys-tree.js';
import {type Context, type Effect, noEffects, type Step, withEffects} from './message.js';
import {moveSelection} from './move.js';
import type {UiState} from './ui-state.js';
import {updateKeyTree} from './update-key-tree.js';
import {keysCall, loadKeys, loadTree} from './views.js';

const withKeys = (state: UiState, keys: Partial<KeysState>): UiState => ({...state, keys: {...state.keys, ...keys}});

/** What was typed as a glob: words without wildcards are looked for anywhere in the name. */
function patternOf(text: string): string {
	const trimmed = text.trim();
	if (trimmed === '') return '*';
	return /[*?[\]]/.test(trimmed) ? trimmed : `*${trimmed}*`;
}

function typeFilter(state: UiState, key: Keystroke): Step {
	const {keys} = state;
	if (key.name === 'esc') return loadKeys(withKeys(state, {isFiltering: false, filter: emptyLine, pattern: '*'}));
	if (key.name === 'enter') {
		const pattern = patternOf(textOf(keys.filter));
		return loadKeys(withKeys(state, {isFiltering: false, pattern, selected: 0, marked: new Set()}));
	}
	const filter = editLine(keys.filter, key);
	return noEffects(filter ? withKeys(state, {filter}) : state);
}

function open(state: UiState, key: string): Step {
	const effect: Effect = {type: 'run', purpose: 'inspect', call: {name: 'inspect', args: [key]}};
	return withEffects(withKeys(state, {open: {key, lines: undefined, facts: undefined, top: 0}}), effect);
}

function toggleMark(state: UiState, key: string | undefined): UiState {
	if (key === undefined) return state;
	const {keys} = state;
	const marked = new Set(keys.marked);
	if (!marked.delete(key)) marked.add(key);
	if (keys.shape === 'list')
		return withKeys(state, {marked, selected: Math.min(keys.rows.length - 1, keys.selected + 1)});
	const selected = Math.min(treeLines(keys.tree).length - 1, keys.tree.selected + 1);
	return withKeys(state, {marked, tree: {...keys.tree, selected}});
}

/** Marks all that is listed, or takes all marks away. */
function markAll(state: UiState): UiState {
	const {keys} = state;
	const listed =
		keys.shape === 'list'
			? keys.rows.map((row) => row.key)
			: treeLines(keys.tree).flatMap((line) => (line.kind === 'key' ? [line.row.key] : []));
	const areAll = listed.every((key) => keys.marked.has(key));
	return withKeys(state, {marked: areAll ? new Set() : new Set([...keys.marked, ...listed])});
}

function loadMore(state: UiState): Step {
	const {keys} = state;
	const isFull = !isRanked(keys.sort) && keys.rows.length >= keyRowLimit;
	if (keys.cursor === undefined || keys.load.kind === 'loading' || isFull) return noEffects(state);
	return withEffects(withKeys(state, {load: {kind: 'loading'}}), {
		type: 'run',
		purpose: 'more-keys',
		call: keysCall(state, keys.cursor),
	});
}

/** Sorting by size or TTL asks for the first of all keys; the other orders are of what has been listed. */
function nextSort(state: UiState): Step {
	const {keys} = state;
	const sort = sortOrders[(sortOrders.indexOf(keys.sort) + 1) % sortOrders.length] ?? 'found';
	const sorted = withKeys(state, {sort, selected: 0, rows: sortRows(keys.rows, sort)});
	return isRanked(sort) || isRanked(keys.sort) ? loadKeys(sorted) : noEffects(sorted);
}

function toggleShape(state: UiState): Step {
	const {keys} = state;
	if (keys.shape === 'tree') return noEffects(withKeys(state, {shape: 'list', open: undefined}));
	const next = withKeys(state, {shape: 'tree', open: undefined});
	return keys.tree.nodes.has('') ? noEffects(next) : loadTree(next, '');
}

/** While a value is open: keys that scroll or close it; undefined for all others. */
function updateOpen(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {open: shown} = state.keys;
	if (!shown) return undefined;
	if (key.name === 'esc' || key.name === 'enter') return noEffects(withKeys(state, {open: undefined}));
	if (key.name !== 'pageup' && key.name !== 'pagedown') return undefined;
	const page = Math.max(1, bodySize(context.size).rows - 4);
	const lines = valueLines(shown, context).length;
	const top = Math.min(Math.max(0, lines - page), moveSelection(key.name, shown.top, lines, page) ?? 0);
	return noEffects(withKeys(state, {open: {...shown, top}}));
}

/** The key under the cursor, or the pattern of the group that is. */
function targetOf({keys}: UiState): {readonly key?: string; readonly pattern?: string} {
	if (keys.shape === 'list') {
		const row = keys.rows[keys.selected];
		return row ? {key: row.key} : {};
	}
	const lines = treeLines(keys.tree);
	const line = lines[Math.min(keys.tree.selected, lines.length - 1)];
	if (line?.kind === 'key') return {key: line.row.key};
	return line?.kind === 'group' ? {pattern: line.pattern} : {};
}

function move(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {keys} = state;
	const page = Math.max(1, bodySize(context.size).rows - 4);
	const selected = moveSelection(key.name, keys.selected, keys.rows.length, page);
	if (selected === undefined) return undefined;
	const moved = withKeys(state, {selected});
	return selected === keys.rows.length - 1 && key.name !== 'up' && !isRanked(keys.sort)
		? loadMore(moved)
		: noEffects(moved);
}

/** A key in the Keys view; undefined when it means nothing there. */
export function updateKeys(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {keys} = state;
	if (keys.isFiltering) return typeFilter(state, key);
	const opened = updateOpen(state, key, context);
	if (opened) return opened;
	const moved = keys.shape === 'tree' ? updateKeyTree(state, key, context) : move(state, key, context);
	if (moved) {
		// With a key open, moving looks at the next one at once.
		const next = targetOf(moved.state).key;
		const isElsewhere = keys.open !== undefined && next !== undefined && next !== keys.open.key;
		if (!isElsewhere) return moved;
		const inspected = open(moved.state, next);
		return {state: inspected.state, effects: [...moved.effects, ...inspected.effects]};
	}
	const target = targetOf(state);
	switch (key.name) {
		case '/':
			return noEffects(withKeys(state, {isFiltering: true, open: undefined, shape: 'list'}));
		case 'enter':
			return target.key === undefined ? noEffects(state) : open(state, target.key);
		case ' ':
			return noEffects(toggleMark(state, target.key));
		case 'a':
			return noEffects(markAll(state));
		case 'd':
			if (keys.marked.size > 0) return askToDelete(state, [...keys.marked], context);
			if (target.pattern !== undefined) return askToSweep(state, target.pattern, context);
			return askToDelete(state, target.key === undefined ? [] : [target.key], context);
		case 'e':
			return target.key === undefined ? noEffects(state) : askToEdit(state, target.key, context);
		case 'x':
			return target.key === undefined ? noEffects(state) : askForLifetime(state, target.key, context);
		case 's':
			return keys.shape === 'list' ? nextSort(state) : noEffects(state);
		case 't':
			return toggleShape(state);
		case 'r':
			return loadKeys(state);
		case 'n':
			return loadMore(state);
		case 'esc':
			if (keys.marked.size > 0) return noEffects(withKeys(state, {marked: new Set()}));
			return keys.pattern === '*'
				? undefined
				: loadKeys(withKeys(state, {pattern: '*', filter: emptyLine, selected: 0}));
		default:
			return undefined;
	}
}
