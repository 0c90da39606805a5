import type {CommandCall} from '../../../engine/specs/command-calls.js';
import type {KeyRow} from '../../../inspect/keys/describe-keys.js';
import {type Answer, ask, type Context, noEffects, type Step, withEffects} from '../command.js';
import {withKeys} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {
	isRanked,
	type KeysState,
	keyRowLimit,
	largeKeyspace,
	pageRows,
	rankedLimit,
	type SortOrder,
	sortOrders,
	sortRows,
} from './keys-state.js';

/** Starts a scan for the keys that match the pattern, or for those that rank first. */
export function loadKeys(state: UiState): Step {
	const {scan} = state.keys;
	const begun = {...scan, id: scan.id + 1, scanned: 0, tookMs: 0, wanted: pageRows};
	return askForPage(withKeys(state, {load: {kind: 'loading'}, scan: begun}), undefined);
}

/** Loads the next page, unless one is being loaded, all keys are loaded, or the user has stopped the scan. */
export function loadMoreKeys(state: UiState): Step {
	return state.keys.load.kind === 'loaded' ? resume(state) : noEffects(state);
}

/** Stops or resumes a scan, or starts the requested one. */
export function toggleScan(state: UiState): Step {
	const {load} = state.keys;
	if (load.kind === 'loading') return noEffects(pauseKeys(state));
	return load.kind === 'asking' ? loadKeys(state) : resume(state);
}

function resume(state: UiState): Step {
	const {cursor, rows, scan} = state.keys;
	if (cursor === undefined || isFull(state.keys)) return noEffects(state);
	const next = {...scan, id: scan.id + 1, wanted: rows.length + pageRows};
	return askForPage(withKeys(state, {load: {kind: 'loading'}, scan: next}), cursor);
}

/** Stops a scan. A page that is being loaded is still added. */
export function pauseKeys(state: UiState): UiState {
	return state.keys.load.kind === 'loading' ? withKeys(state, {load: {kind: 'paused'}}) : state;
}

/** Loads the list again, in the order in which keys are found. */
export function forgetRank(state: UiState): Step {
	return loadKeys(withKeys(state, {sort: 'found', selected: 0}));
}

const isFull = ({rows, sort}: KeysState): boolean => !isRanked(sort) && rows.length >= keyRowLimit;

/**
 * Changes the sort order. Sorting by size or TTL visits all keys, in a large keyspace only after a confirmation; until then,
 * and in the other orders, the loaded keys are sorted.
 */
export function sortKeys(state: UiState, {snapshot}: Context): Step {
	const {keys} = state;
	const sort: SortOrder = sortOrders[(sortOrders.indexOf(keys.sort) + 1) % sortOrders.length] ?? 'found';
	const sorted = withKeys(state, {sort, selected: 0, rows: sortRows(keys.rows, sort)});
	if (isRanked(sort)) {
		const total = keys.scan.total ?? snapshot?.server?.keys;
		return total !== undefined && total <= largeKeyspace
			? loadKeys(sorted)
			: noEffects(withKeys(sorted, {load: {kind: 'asking'}}));
	}
	return isRanked(keys.sort) ? loadKeys(sorted) : noEffects(sorted);
}

function pageCall({keys: {pattern, sort}}: UiState, cursor: string | undefined): CommandCall<'keys' | 'top'> {
	if (isRanked(sort)) return {name: 'top', args: cursor === undefined ? [sort, pattern] : [sort, pattern, cursor]};
	return {name: 'keys', args: cursor === undefined ? [pattern] : [pattern, cursor]};
}

function askForPage(state: UiState, cursor: string | undefined): Step {
	const {id} = state.keys.scan;
	return withEffects(
		state,
		ask(pageCall(state, cursor), (current, answer, {now}) =>
			current.keys.scan.id === id ? takePage(current, answer, cursor !== undefined, now) : noEffects(current),
		),
	);
}

/** Adds a page, or starts with it, and continues until there are enough rows or the scan is complete. */
function takePage(state: UiState, {reply}: Answer<'keys' | 'top'>, isMore: boolean, now: number): Step {
	const {keys} = state;
	if (!reply.ok) return noEffects(withKeys(state, {load: {kind: 'failed', message: reply.message}}));
	const page = reply.data;
	const known = new Map<string, KeyRow>(isMore ? keys.rows.map((row) => [row.key, row]) : []);
	for (const row of page.rows) known.set(row.key, row);
	const rows = sortRows([...known.values()], keys.sort).slice(0, isRanked(keys.sort) ? rankedLimit : keyRowLimit);
	const {scan} = keys;
	const next = withKeys(state, {
		rows,
		cursor: page.cursor,
		selected: Math.min(keys.selected, Math.max(0, rows.length - 1)),
		scan: {
			...scan,
			total: page.total,
			scanned: scan.scanned + page.scanned,
			tookMs: scan.tookMs + page.tookMs,
		},
	});
	const isOver = page.cursor === undefined || (!isRanked(keys.sort) && rows.length >= scan.wanted);
	if (isOver || isFull(next.keys)) return noEffects(withKeys(next, {load: {kind: 'loaded', at: now}}));
	if (keys.load.kind !== 'loading' || state.view !== 'keys') return noEffects(withKeys(next, {load: {kind: 'paused'}}));
	return askForPage(next, page.cursor);
}
