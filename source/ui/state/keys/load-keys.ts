import type {CommandCall} from '../../../engine/specs/command-calls.js';
import type {KeyRow} from '../../../inspect/keys/describe-keys.js';
import {type Answer, ask, noEffects, type Step, withEffects} from '../command.js';
import {withKeys} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {
	isRanked,
	keyRowLimit,
	rankedLimit,
	rankedScanLimit,
	type SortOrder,
	sortOrders,
	sortRows,
} from './keys-state.js';

/** Loads the first page of the keys that match the pattern, or of those that rank first. */
export function loadKeys(state: UiState): Step {
	return askForPage(withKeys(state, {load: {kind: 'loading'}}), undefined);
}

/** Loads the next page, unless all keys are loaded or a page is on its way. */
export function loadMoreKeys(state: UiState): Step {
	const {cursor, load, sort, rows} = state.keys;
	const isFull = !isRanked(sort) && rows.length >= keyRowLimit;
	if (cursor === undefined || load.kind === 'loading' || isFull) return noEffects(state);
	return askForPage(withKeys(state, {load: {kind: 'loading'}}), cursor);
}

/** Changes the order. By size and by TTL need other keys; the other orders sort the loaded ones. */
export function sortKeys(state: UiState): Step {
	const {keys} = state;
	const sort: SortOrder = sortOrders[(sortOrders.indexOf(keys.sort) + 1) % sortOrders.length] ?? 'found';
	const sorted = withKeys(state, {sort, selected: 0, rows: sortRows(keys.rows, sort)});
	return isRanked(sort) || isRanked(keys.sort) ? loadKeys(sorted) : noEffects(sorted);
}

function pageCall({keys: {pattern, sort}}: UiState, cursor: string | undefined): CommandCall<'keys' | 'top'> {
	if (isRanked(sort)) return {name: 'top', args: cursor === undefined ? [sort, pattern] : [sort, pattern, cursor]};
	return {name: 'keys', args: cursor === undefined ? [pattern] : [pattern, cursor]};
}

function askForPage(state: UiState, cursor: string | undefined): Step {
	return withEffects(
		state,
		ask(pageCall(state, cursor), (current, answer, {now}) => takePage(current, answer, cursor !== undefined, now)),
	);
}

/** True when the answer is for the current pattern and order. */
function isCurrent(state: UiState, {call}: Answer<'keys' | 'top'>): boolean {
	const expected = pageCall(state, undefined);
	return call.name === expected.name && expected.args.every((word, index) => call.args[index] === word);
}

/** Adds a page, or starts with it. A ranked list goes on by itself until it has scanned everything or enough. */
function takePage(state: UiState, answer: Answer<'keys' | 'top'>, isMore: boolean, now: number): Step {
	const {keys} = state;
	if (!isCurrent(state, answer)) return noEffects(state);
	const {reply} = answer;
	if (!reply.ok) return noEffects(withKeys(state, {load: {kind: 'failed', message: reply.message}}));
	const page = reply.data;
	const known = new Map<string, KeyRow>(isMore ? keys.rows.map((row) => [row.key, row]) : []);
	for (const row of page.rows) known.set(row.key, row);
	const rows = sortRows([...known.values()], keys.sort).slice(0, isRanked(keys.sort) ? rankedLimit : keyRowLimit);
	const scanned = (isMore ? keys.scanned : 0) + page.scanned;
	const goesOn = isRanked(keys.sort) && page.cursor !== undefined && scanned < rankedScanLimit && state.view === 'keys';
	const next = withKeys(state, {
		rows,
		scanned,
		cursor: page.cursor,
		selected: Math.min(keys.selected, Math.max(0, rows.length - 1)),
		load: goesOn ? {kind: 'loading'} : {kind: 'loaded', at: now},
	});
	return goesOn ? askForPage(next, page.cursor) : noEffects(next);
}
