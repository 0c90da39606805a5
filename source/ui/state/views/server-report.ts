import {ask, type Context, noEffects, type Step, type TakeReply, withEffects} from '../command.js';
import {askFirst} from '../confirm.js';
import {noFilter} from '../filter.js';
import {runThen, showReply} from '../reply.js';
import {withServer} from '../slices.js';
import type {UiState} from '../ui-state.js';
import {reportRows, selectedAfter, serverTabs} from './server-state.js';

/** Milliseconds until a report that could not be read is tried again. */
const retryMs = 5000;

/** Reads the report of the tab again. The previous one is shown until it arrives. */
export function loadReport(state: UiState): Step {
	const {tab, load} = state.server;
	if (tab === 'info') return noEffects(state);
	const shown = load.kind === 'loaded' ? {...load, isReading: true} : ({kind: 'loading'} as const);
	return withEffects(withServer(state, {load: shown}), ask({name: 'show', args: [tab]}, takeReport));
}

/** Reads the report again if a refresh is due. */
export function refreshReport(state: UiState, {now}: Context): Step {
	const {load} = state.server;
	const isDue =
		(load.kind === 'failed' && !load.isRefused && now - load.triedAt >= retryMs) ||
		(load.kind === 'loaded' &&
			!load.isReading &&
			load.report.everySeconds !== undefined &&
			now - load.triedAt >= load.report.everySeconds * 1000);
	return isDue ? loadReport(state) : noEffects(state);
}

const takeReport: TakeReply<'show'> = (state, {call, reply}, {now}) => {
	const {server} = state;
	// The tab may have been left meanwhile.
	if (call.args[0] !== server.tab) return noEffects(state);
	const {load} = server;
	if (reply.ok) {
		const loaded = {
			kind: 'loaded',
			report: reply.data,
			at: now,
			isReading: false,
			triedAt: now,
			failure: undefined,
		} as const;
		return noEffects(withServer(state, {load: loaded, selected: selectedAfter(server, {...server, load: loaded})}));
	}
	const {message, code} = reply;
	if (load.kind === 'loaded')
		return noEffects(withServer(state, {load: {...load, isReading: false, triedAt: now, failure: message}}));
	const isRefused = code.startsWith('ERR_SERVER_');
	return noEffects(withServer(state, {load: {kind: 'failed', message, isRefused, triedAt: now}}));
};

/** Goes to the next tab, or to the one before. */
export function turnTab(state: UiState, by: 1 | -1): Step {
	const at = serverTabs.indexOf(state.server.tab);
	const tab = serverTabs[(at + by + serverTabs.length) % serverTabs.length] ?? 'info';
	return loadReport(withServer(state, {tab, selected: 0, filter: noFilter, load: {kind: 'none'}}));
}

/** Starts or stops the search for the biggest keys. */
export function toggleSearch(state: UiState): Step {
	return runThen(state, {name: 'biggest', args: []}, (current, answer, context) =>
		loadReport(showReply(current, answer, context)),
	);
}

/** Asks before keys are counted. */
export function askToCount(state: UiState, context: Context): Step {
	const about = [
		'Counts for 2 s which keys are used. From Redis 8.6 on, the server counts them (HOTKEYS).',
		'An older server repeats every command to this program (MONITOR), which takes up to half of its throughput. The count ends after 2 s, 200,000 commands or 32 MiB. Values are neither kept nor shown.',
	];
	return askFirst(state, {title: 'Count keys', call: {name: 'hotkeys', args: []}, word: 'count', about}, context);
}

/** Asks before the connections of the selected row are closed. */
export function askToKill(state: UiState, context: Context): Step {
	const rows = reportRows(state.server);
	const row = rows[Math.min(state.server.selected, rows.length - 1)];
	if (row?.kill === undefined) return noEffects(state);
	const [name = '', host = '', connections = ''] = row.cells;
	const about = [
		`The connections of this row will be closed (${connections} at the last count):`,
		`  ${name} ${host}`,
		'Their applications get an error for the command in flight, and most reconnect at once.',
	];
	return askFirst(
		state,
		{title: 'Close connections', call: {name: 'kill', args: [row.kill]}, word: 'kill', about},
		context,
	);
}
