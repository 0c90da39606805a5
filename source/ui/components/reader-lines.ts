import {age, bytes, count, duration, latency, percent, shortCount} from '../format.js';
import {treeLines} from '../state/keys-tree.js';
import {visibleEvents} from '../state/log-state.js';
import type {Context} from '../state/message.js';
import type {UiState} from '../state/ui-state.js';
import type {StoreState} from '../store.js';
import {printable} from '../text/printable.js';

const eventLimit = 5;

function keysLines({keys}: UiState): readonly string[] {
	if (keys.open?.lines) return [`Key ${printable(keys.open.key)}.`, ...keys.open.lines.slice(0, 20).map(printable)];
	if (keys.load.kind === 'failed') return [`Keys: ${printable(keys.load.message)}.`];
	if (keys.shape === 'tree') {
		const lines = treeLines(keys.tree);
		const line = lines[Math.min(keys.tree.selected, lines.length - 1)];
		if (line?.kind === 'group')
			return [
				`Group ${printable(line.name)}, ${line.isPartial ? 'at least ' : ''}${count(line.keys)} keys, ${line.isUnfolded ? 'unfolded' : 'folded'}.`,
			];
		return [line ? (line.kind === 'key' ? `Key ${printable(line.name)}.` : `${printable(line.text)}.`) : 'No keys.'];
	}
	const row = keys.rows[keys.selected];
	const marked = keys.marked.size > 0 ? `, ${count(keys.marked.size)} marked` : '';
	if (!row) return [`No keys listed${marked}.`];
	const ttl = row.ttlMs === undefined ? 'does not expire' : `expires in ${duration(row.ttlMs)}`;
	return [
		`Key ${count(keys.selected + 1)} of ${count(keys.rows.length)}${marked}: ${printable(row.key)}, ${row.type}, ${ttl}, ${bytes(row.bytes)}.`,
	];
}

function poolLines({snapshot}: StoreState): readonly string[] {
	const pool = snapshot?.cache.pool;
	if (!pool) return ['No data of the pool yet.'];
	return [
		...pool.lanes.map(
			(lane) =>
				`Lane ${lane.id}: ${lane.state}, ${count(lane.inFlight)} in flight, ${shortCount(lane.rate)} a second, p99 ${latency(lane.latency.p99)}.`,
		),
		`Checkouts: ${pool.checkouts.busy} of ${pool.checkouts.max} lent, ${pool.checkouts.waiting.length} wait.`,
	];
}

function serverLines({snapshot}: StoreState): readonly string[] {
	const server = snapshot?.server;
	if (!snapshot || !server) return ['The server has not answered yet.'];
	const lookups = server.keyspaceHits + server.keyspaceMisses;
	return [
		`Server, asked ${age(snapshot.at - server.at)} ago: ${count(server.opsPerSecond)} commands a second, ${bytes(server.usedMemory)} in use, ${count(server.keys)} keys.`,
		`${lookups > 0 ? percent(server.keyspaceHits / lookups) : 'No data'} of lookups found, ${count(server.evictedKeys)} keys evicted, ${count(server.clients)} clients.`,
	];
}

function faultsLines({faults}: UiState, {snapshot}: StoreState, {catalogue}: Context): readonly string[] {
	const info = catalogue[faults.selectedFault];
	const drill = faults.drills[faults.selectedDrill];
	const here =
		faults.pane === 'faults'
			? info && `Fault ${info.kind}: ${info.summary}.`
			: drill && `Drill ${drill.name}: ${printable(drill.summary)}.`;
	const running = snapshot?.drill;
	return [
		...(here ? [here] : []),
		...(running
			? [
					`Drill ${running.name} ${running.state}, ${duration(running.elapsedMs)} of ${duration(running.totalMs)}. ${running.expectations.filter(({state}) => state === 'failed').length} expectations failed.`,
				]
			: []),
	];
}

/** What a view other than the overview shows, as sentences: the selected line, or the figures. */
export function readerLines(ui: UiState, state: StoreState, context: Context): readonly string[] {
	switch (ui.view) {
		case 'overview':
			return [];
		case 'keys':
			return keysLines(ui);
		case 'pool':
			return poolLines(state);
		case 'server':
			return serverLines(state);
		case 'faults':
			return faultsLines(ui, state, context);
		case 'log':
			return visibleEvents(context, ui.log)
				.slice(-eventLimit)
				.map(
					(event) =>
						`${event.level}: ${printable(event.text)}${event.count > 1 ? `, ${count(event.count)} times` : ''}.`,
				);
	}
}
