import type {CommandCall} from '../../engine/protocol.js';
import type {Keystroke} from '../input/keystroke.js';
import {editLine, emptyLine, textOf} from '../input/line-editor.js';
import {bodySize} from '../layout.js';
import {valueLines} from '../views/value-lines.js';
import {type KeysState, keyRowLimit, sortedRows, sortOrders} from './keys-state.js';
import {type Context, type Effect, type Step, stay, step} from './message.js';
import {moveSelection} from './move.js';
import type {UiState} from './ui-state.js';
import {loadKeys} from './views.js';

/** Keys named in a question before anything is deleted. */
const sampleSize = 5;

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
	return stay(filter ? withKeys(state, {filter}) : state);
}

function inspectEffect(key: string): Effect {
	return {type: 'run', purpose: 'inspect', call: {name: 'inspect', args: [key]}};
}

/**
 * Entries of the cache are deleted through the cache, so that its memory tier and other processes hear of it; other
 * keys by Redis itself.
 */
function deletions(keys: readonly string[], namespace: string): CommandCall[] {
	const prefix = `rct:${namespace}:`;
	const own = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
	const foreign = keys.filter((key) => !key.startsWith(prefix));
	return [
		...(own.length > 0 ? [{name: 'del', args: own}] : []),
		...(foreign.length > 0 ? [{name: 'redis', args: ['DEL', ...foreign]}] : []),
	];
}

function askToDelete(state: UiState, {snapshot, now}: Context): Step {
	const {keys} = state;
	const here = sortedRows(keys)[keys.selected]?.key;
	const chosen = keys.marked.size > 0 ? [...keys.marked] : here === undefined ? [] : [here];
	const calls = deletions(chosen, snapshot?.namespace ?? 'default');
	const [call] = calls;
	if (!call) return stay(state);
	if (snapshot?.readOnly) {
		const message = 'this session is read-only: nothing is deleted';
		const reply = {ok: false, code: 'ERR_READ_ONLY', message} as const;
		return stay({...state, reply: {kind: 'answered', call, reply, at: now}});
	}
	const named = chosen.slice(0, sampleSize);
	const what = chosen.length === 1 ? 'This key' : `These ${chosen.length} keys`;
	const about = [
		`${what} will be deleted from Redis:`,
		...named.map((name) => `  ${name}`),
		...(chosen.length > named.length ? [`  and ${chosen.length - named.length} more`] : []),
	];
	return stay({...state, overlay: {kind: 'confirm', title: 'Delete', calls, word: 'delete', about, line: emptyLine}});
}

function toggleMark(state: UiState, key: string | undefined): UiState {
	if (key === undefined) return state;
	const marked = new Set(state.keys.marked);
	if (!marked.delete(key)) marked.add(key);
	const selected = Math.min(state.keys.rows.length - 1, state.keys.selected + 1);
	return withKeys(state, {marked, selected});
}

function loadMore(state: UiState): Step {
	const {keys} = state;
	if (keys.cursor === undefined || keys.load.kind === 'loading' || keys.rows.length >= keyRowLimit) return stay(state);
	return step(withKeys(state, {load: {kind: 'loading'}}), {
		type: 'run',
		purpose: 'more-keys',
		call: {name: 'keys', args: [keys.pattern, keys.cursor]},
	});
}

/** A key in the Keys view; undefined when it means nothing there. */
export function updateKeys(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {keys} = state;
	if (keys.isFiltering) return typeFilter(state, key);
	const rows = sortedRows(keys);
	const page = Math.max(1, bodySize(context.size).rows - 4);
	if (keys.open) {
		if (key.name === 'esc' || key.name === 'enter') return stay(withKeys(state, {open: undefined}));
		const lines = valueLines(keys.open.lines, context.size).length;
		if (key.name === 'pageup' || key.name === 'pagedown') {
			const top = Math.min(Math.max(0, lines - page), moveSelection(key.name, keys.open.top, lines, page) ?? 0);
			return stay(withKeys(state, {open: {...keys.open, top}}));
		}
	}
	const selected = moveSelection(key.name, keys.selected, rows.length, page);
	if (selected !== undefined) {
		const moved = withKeys(state, {selected});
		const target = rows[selected];
		// With a key open, moving looks at the next one at once.
		if (keys.open && target)
			return step(withKeys(moved, {open: {key: target.key, lines: undefined, top: 0}}), inspectEffect(target.key));
		return selected === rows.length - 1 && key.name !== 'up' ? loadMore(moved) : stay(moved);
	}
	switch (key.name) {
		case '/':
			return stay(withKeys(state, {isFiltering: true, open: undefined}));
		case 'enter': {
			const target = rows[keys.selected];
			if (!target) return stay(state);
			return step(withKeys(state, {open: {key: target.key, lines: undefined, top: 0}}), inspectEffect(target.key));
		}
		case ' ':
			return stay(toggleMark(state, rows[keys.selected]?.key));
		case 'd':
			return askToDelete(state, context);
		case 's':
			return stay(
				withKeys(state, {
					sort: sortOrders[(sortOrders.indexOf(keys.sort) + 1) % sortOrders.length] ?? 'found',
					selected: 0,
				}),
			);
		case 'r':
			return loadKeys(state);
		case 'n':
			return loadMore(state);
		case 'esc':
			if (keys.marked.size > 0) return stay(withKeys(state, {marked: new Set()}));
			return keys.pattern === '*'
				? undefined
				: loadKeys(withKeys(state, {pattern: '*', filter: emptyLine, selected: 0}));
		default:
			return undefined;
	}
}
