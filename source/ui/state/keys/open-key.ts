import type {CommandCall} from '../../../engine/specs/command-calls.js';
import {textOf} from '../../input/line-editor.js';
import {ask, type Effect, noEffects, type Step, type TakeReply, withEffects} from '../command.js';
import {noFilter} from '../filter.js';
import {withKeys} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {comfortableLevel, foldJson, jsonLevels} from './fold-json.js';
import type {OpenKey} from './keys-state.js';

/** Most lines of elements that are kept. For a larger collection, the user can search. */
const lineLimit = 10_000;

/** Number of lines after which a search stops by itself. */
const pageLines = 100;

const notLoaded: Omit<OpenKey, 'key'> = {
	lines: undefined,
	details: undefined,
	readAt: 0,
	peekedAt: 0,
	top: 0,
	level: undefined,
	filter: noFilter,
	elements: {id: 0, cursor: undefined, scanned: 0, isLoading: false, wanted: 0},
};

/** Shows the value of a key. */
export function openKey(state: UiState, key: string): Step {
	return withEffects(withKeys(state, {open: {key, ...notLoaded}}), askForValue(key));
}

export const closeKey = (state: UiState): UiState => withKeys(state, {open: undefined});

export const withOpen = (state: UiState, open: OpenKey, change: Partial<OpenKey>): UiState =>
	withKeys(state, {open: {...open, ...change}});

/** Reads the open value again; the old one stays until the reply arrives. A search is repeated. */
export function refreshOpenKey(state: UiState): Step {
	const {open} = state.keys;
	if (!open) return noEffects(state);
	return isSearched(open) ? searchValue(state) : withEffects(state, askForValue(open.key));
}

export const askForValue = (key: string): Effect => ask({name: 'inspect', args: [key]}, takeValue);

const takeValue: TakeReply<'inspect'> = (state, {call, reply}, {now}) => {
	const {open} = state.keys;
	const [key] = call.args;
	if (open?.key !== key) return noEffects(state);
	if (!reply.ok) return noEffects(withOpen(state, open, {lines: [reply.message], details: undefined}));
	const details = reply.data;
	// The first line, and for a cache entry the second, repeats the data of `details` in words.
	const skipped = details ? (details.entry ? 2 : 1) : 0;
	// The notes show how much is not loaded.
	const isCut = details?.preview.cursor !== undefined && reply.lines.at(-1) === '…';
	const lines = reply.lines.slice(skipped, isCut ? -1 : undefined);
	const isFirst = open.lines === undefined;
	const level = isFirst && details?.preview.syntax === 'json' ? comfortableLevel(lines) : open.level;
	const elements = {
		...open.elements,
		id: open.elements.id + 1,
		cursor: details?.preview.cursor,
		isLoading: false,
		wanted: 0,
	};
	return noEffects(withOpen(state, open, {lines, details, level, elements, readAt: now, peekedAt: now}));
};

/** True while the lines are the results of a search in Redis: elements, or places in a long string. */
function isSearched({filter, details}: OpenKey): boolean {
	return textOf(filter.line).trim() !== '' && isPaged(details);
}

/** True for values that are read page by page: a collection, or a string that is too long for one page. */
const isPaged = (details: OpenKey['details']): boolean =>
	details !== undefined && (details.preview.unit !== 'bytes' || details.preview.cursor !== undefined);

/** Applies the typed search: in Redis for a paged value, in the loaded lines for a short text. */
export function searchValue(state: UiState): Step {
	const {open} = state.keys;
	if (!open) return noEffects(state);
	const filter = {...open.filter, isTyping: false};
	if (!isSearched(open)) {
		const shown = withOpen(state, open, {filter, top: 0});
		return isPaged(open.details) ? withEffects(shown, askForValue(open.key)) : noEffects(shown);
	}
	const elements = {...open.elements, cursor: undefined, scanned: 0, wanted: pageLines};
	return askForElements(withOpen(state, {...open, filter, lines: [], elements}, {top: 0}), undefined);
}

/** Removes the search. */
export function dropSearch(state: UiState): Step {
	const {open} = state.keys;
	return open ? searchValue(withOpen(state, open, {filter: noFilter})) : noEffects(state);
}

/** Loads the next elements, or stops a search. */
export function loadMoreElements(state: UiState): Step {
	const {open} = state.keys;
	if (!open?.lines) return noEffects(state);
	const {elements, lines} = open;
	if (elements.isLoading) return noEffects(withOpen(state, open, {elements: {...elements, isLoading: false}}));
	if (elements.cursor === undefined || lines.length >= lineLimit) return noEffects(state);
	const wanted = lines.length + pageLines;
	return askForElements(withOpen(state, open, {elements: {...elements, wanted}}), elements.cursor);
}

function askForElements(state: UiState, cursor: string | undefined): Step {
	const {open} = state.keys;
	if (!open) return noEffects(state);
	const id = open.elements.id + 1;
	const match = textOf(open.filter.line).trim() || '*';
	const call: CommandCall<'elements'> = {
		name: 'elements',
		args: cursor === undefined ? [open.key, match] : [open.key, match, cursor],
	};
	return withEffects(
		withOpen(state, open, {elements: {...open.elements, id, isLoading: true}}),
		ask(call, (current, {reply}) => {
			const now = current.keys.open;
			if (now?.elements.id !== id) return noEffects(current);
			if (!reply.ok) return noEffects(withOpen(current, now, {lines: [reply.message], details: undefined}));
			return takeElements(current, now, reply.data);
		}),
	);
}

/** Adds a page of elements; a search continues until it has found enough. */
function takeElements(
	state: UiState,
	open: OpenKey,
	page: {readonly lines: readonly string[]; readonly cursor: string | undefined; readonly scanned: number},
): Step {
	const lines = [...(open.lines ?? []), ...page.lines].slice(0, lineLimit);
	const {elements} = open;
	const next = withOpen(state, open, {
		lines,
		elements: {...elements, cursor: page.cursor, scanned: elements.scanned + page.scanned, isLoading: false},
	});
	const goesOn = elements.isLoading && page.cursor !== undefined && lines.length < elements.wanted;
	return goesOn && state.view === 'keys' ? askForElements(next, page.cursor) : noEffects(next);
}

/** Folds JSON by one level more, or less. */
export function foldValue(state: UiState, by: 1 | -1): Step {
	const {open} = state.keys;
	if (!open?.lines || open.details?.preview.syntax !== 'json') return noEffects(state);
	const deepest = jsonLevels(open.lines);
	const level = Math.max(0, (open.level ?? deepest) + by);
	return noEffects(withOpen(state, open, {level: level >= deepest ? undefined : level, top: 0}));
}

/** The lines of the value that are shown: those that are not folded, or those that a search finds. */
export function shownLines({lines = [], level, filter, details}: OpenKey): readonly string[] {
	const wanted = textOf(filter.line).trim().toLowerCase();
	if (wanted !== '' && !isPaged(details)) return lines.filter((line) => line.toLowerCase().includes(wanted));
	return level === undefined ? lines : foldJson(lines, level);
}
