import type {TargetSnapshot} from '../../engine/target-snapshot.js';
import {unknownType} from '../../inspect/keys/describe-keys.js';
import {verdictSentence} from '../../inspect/server/activity/verdict.js';
import {dashboardWords} from '../../inspect/server/clients/other-dashboards.js';
import {formatAge, formatElapsed, formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatPercent, formatShortCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {currentLatency} from '../panels/cache/latency.js';
import {emptyListWords} from '../rows/keys/scan-words.js';
import {keyspaceHitRatio} from '../rows/server-facts.js';
import {selectedDrill, selectedFault} from '../state/faults/faults-state.js';
import {selectedTreeLine} from '../state/keys/keys-state.js';
import type {UiState} from '../state/ui-state.js';
import {visibleEvents} from '../state/views/log-state.js';
import {elsewhereWords, viewElsewhere} from '../state/views/process-views.js';
import {reportRows, type ServerState, tabTitles} from '../state/views/server-state.js';
import type {StoreState} from '../store/store.js';
import {hitRatioOf, recent} from '../store/time-frame.js';
import {applicationLines, connectionLines, findingLines} from './application-lines.js';
import {drillLines} from './drill-lines.js';
import {processLines} from './process-lines.js';

/** Events that are read at once. */
const eventLimit = 5;

/** Lines of a value that are read. */
const valueLimit = 20;

/** The server, and the connection that it was chosen by. */
function targetLine({name, version = '', kind, connection}: TargetSnapshot): string {
	return `${connection ? `Connection ${printable(connection.name)}: ` : ''}${printable(name)} ${printable(version)}, ${kind}.`;
}

function overviewLines(state: StoreState): readonly string[] {
	const {snapshot, log} = state;
	if (!snapshot) return ['Starting.'];
	const {cache, workload, target, faults, source, activity} = snapshot;
	const last = log.findLast((event) => event.level !== 'debug');
	const lastEvent = last ? [`Last event: ${printable(last.text)}.`] : [];
	if (source === 'application') return [...applicationLines(state), ...lastEvent];
	if (source === 'process') return [...processLines(state), ...lastEvent];
	if (source === 'server') {
		const others = dashboardWords(activity.dashboards);
		return [
			targetLine(target),
			`${printable(verdictSentence(activity.verdict))}.`,
			...(others === undefined ? [] : [`Note: ${printable(others)}.`]),
			...lastEvent,
		];
	}
	return [
		targetLine(target),
		`Mode: ${cache.mode.mode}.`,
		faults.length > 0 ? `Simulated outage: ${faults.map((fault) => fault.label).join(', ')}.` : 'No outage.',
		`Hit ratio: ${formatPercent(hitRatioOf(recent(state, 10)), 0)}. p99: ${formatLatency(currentLatency(snapshot).p99)}.`,
		`Wrong reads: ${workload.calls > 0 ? formatCount(workload.wrongReads) : 'no data'}. Journal: ${formatCount(cache.journal.size)} keys.`,
		...lastEvent,
	];
}

function treeLine({keys}: UiState): string {
	const line = selectedTreeLine(keys);
	switch (line?.kind) {
		case undefined:
			return 'No keys.';
		case 'key':
			return `Key ${printable(line.name)}.`;
		case 'note':
			return `${printable(line.text)}.`;
		case 'group': {
			const keyCount = `${line.isPartial ? 'at least ' : ''}${formatCount(line.keys)} keys`;
			return `Group ${printable(line.name)}, ${keyCount}, ${line.isUnfolded ? 'unfolded' : 'folded'}.`;
		}
	}
}

function keysLines(ui: UiState, {snapshot}: StoreState): readonly string[] {
	const {keys} = ui;
	const {open, load, marked, selected, rows} = keys;
	if (open?.lines) return [`Key ${printable(open.key)}.`, ...open.lines.slice(0, valueLimit).map(printable)];
	if (load.kind === 'failed') return [`Keys: ${printable(load.message)}.`];
	if (keys.shape === 'tree') return [treeLine(ui)];
	const marks = marked.size > 0 ? `, ${formatCount(marked.size)} marked` : '';
	const row = rows[selected];
	if (!row) return [`${emptyListWords(keys, (snapshot?.activity.missing.length ?? 0) > 0).text}${marks}.`];
	const ttl =
		row.type === unknownType
			? 'TTL unknown'
			: row.ttlMs === undefined
				? 'does not expire'
				: `expires in ${formatElapsed(row.ttlMs)}`;
	return [
		`Key ${formatCount(selected + 1)} of ${formatCount(rows.length)}${marks}: ${printable(row.key)}, ${row.type}, ${ttl}, ${formatBytes(row.bytes)}.`,
	];
}

function poolLines({snapshot}: StoreState): readonly string[] {
	if (snapshot?.source === 'application') return connectionLines(snapshot.application);
	const pool = snapshot?.cache.pool;
	if (!pool) return ['No data of the pool yet.'];
	const {busy, max, waiting} = pool.checkouts;
	return [
		...pool.lanes.map(
			(lane) =>
				`Lane ${lane.id}${lane.node === undefined ? '' : ` to ${printable(lane.node)}`}: ${lane.state}, ${formatCount(lane.inFlight)} in flight, ${formatShortCount(lane.rate)} a second, p99 ${formatLatency(lane.latency.p99)}.`,
		),
		`Checkouts: ${busy} of ${max} busy, ${waiting.length} wait.`,
	];
}

/** The selected row of a report, each figure with the title of its column. */
function reportLines(view: ServerState): readonly string[] {
	const {load, tab, selected} = view;
	if (load.kind === 'failed') return [`${tabTitles[tab]}: ${printable(load.message)}.`];
	if (load.kind !== 'loaded') return [`Reading: ${tabTitles[tab]}.`];
	const rows = reportRows(view);
	const row = rows[Math.min(selected, rows.length - 1)];
	const {columns, notes} = load.report;
	if (!row) return [`${tabTitles[tab]}: nothing.`, ...notes.map((note) => `${printable(note)}.`)];
	const cells = row.cells.map((cell, index) => `${(columns[index]?.title ?? '').toLowerCase()} ${printable(cell)}`);
	return [`${tabTitles[tab]}, row ${formatCount(selected + 1)} of ${formatCount(rows.length)}: ${cells.join(', ')}.`];
}

function serverLines({server: view}: UiState, {snapshot}: StoreState): readonly string[] {
	if (view.tab !== 'info') return reportLines(view);

	const server = snapshot?.server;
	if (!snapshot || !server) return ['The server has not answered yet.'];
	return [
		`URL ${printable(snapshot.privateUrl ?? snapshot.target.url)}.`,
		`Server, read ${formatAge(snapshot.at - server.at)} ago: ${formatCount(server.opsPerSecond)} commands a second, ${formatBytes(server.usedMemory)} in use, ${formatCount(server.keys)} keys.`,
		`Keyspace hit ratio ${formatPercent(keyspaceHitRatio(server))}, ${formatCount(server.evictedKeys)} keys evicted, ${formatCount(server.clients)} clients.`,
	];
}

function faultsLines({faults}: UiState, {snapshot}: StoreState): readonly string[] {
	const fault = selectedFault(faults);
	const drill = selectedDrill(faults);
	const selected =
		faults.pane === 'faults'
			? fault && `Fault ${fault.kind}: ${fault.summary}.`
			: drill && `Drill ${drill.name}: ${printable(drill.summary)}.`;
	const running = snapshot?.drill;
	if (!running) return selected ? [selected] : [];
	return [...(selected ? [selected] : []), ...drillLines(running)];
}

function logLines({log}: UiState, state: StoreState): readonly string[] {
	return visibleEvents(state, log)
		.slice(-eventLimit)
		.map(({level, text, count: times}) => {
			const repeated = times > 1 ? `, ${formatCount(times)} times` : '';
			return `${level}: ${printable(text)}${repeated}.`;
		});
}

/** The current view as sentences: the main figures, or the selected line. */
export function viewLines(ui: UiState, state: StoreState): readonly string[] {
	const {snapshot} = state;
	const elsewhere = viewElsewhere(ui.view, snapshot?.source);
	if (snapshot && elsewhere) return [printable(elsewhereWords(elsewhere, snapshot.target.url))];
	switch (ui.view) {
		case 'overview':
			return overviewLines(state);
		case 'keys':
			return keysLines(ui, state);
		case 'pool':
			return poolLines(state);
		case 'server':
			return serverLines(ui, state);
		case 'faults':
			return faultsLines(ui, state);
		case 'log':
			return logLines(ui, state);
		case 'findings':
			return findingLines(ui, state);
	}
}
