import {age, noData} from '../format.js';
import {serverOldMs} from '../panels/server-summary.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import {type ServerLine, serverLines} from './server-lines.js';
import {type DrawView, filterRow, listRow} from './view.js';

const meanings: Readonly<Record<string, string>> = {
	redis_version: 'version of the server',
	used_memory: 'bytes in use',
	used_memory_human: 'memory in use',
	used_memory_rss_human: 'memory as the system sees it',
	maxmemory: 'limit in bytes, 0: none',
	maxmemory_policy: 'what goes when memory is full',
	mem_fragmentation_ratio: 'over 1.5: memory lies in pieces',
	connected_clients: 'connections, ours among them',
	blocked_clients: 'wait in a blocking command',
	tracking_clients: 'are told of changes',
	instantaneous_ops_per_sec: 'commands a second, all clients',
	keyspace_hits: 'lookups that found a key',
	keyspace_misses: 'lookups that found none',
	expired_keys: 'ended by their TTL',
	evicted_keys: 'pushed out for want of memory',
	rejected_connections: 'over maxclients',
	role: 'master takes writes',
	rdb_last_bgsave_status: 'the last snapshot to disk',
	latest_fork_usec: 'pause of the last fork, µs',
};

/** INFO of the server, by section, with words for what matters. */
export const drawServerView: DrawView = ({ui, state, glyphs}, width, height) => {
	const snapshot = state.snapshot;
	const server = snapshot?.server;
	const {server: view} = ui;
	const inside = insideFrame(width, height);
	const lines = serverLines(snapshot, view.filter);
	const room = inside.height - 1;
	const selected = Math.min(view.list.selected, lines.length - 1);
	const top = topFor(selected, view.list.top, lines.length, room);
	const draw = (line: ServerLine): Row => {
		if (line.kind === 'section') return [span(line.name.toUpperCase(), 'title')];
		const meaning = inside.width >= 76 ? meanings[line.name] : undefined;
		const valueWidth = Math.max(10, inside.width - 32 - (meaning ? 34 : 0) - 2);
		return [
			span(`${padEnd(line.name, 30)} `, 'dim'),
			span(padEnd(printable(line.value), valueWidth)),
			...(meaning ? [span(` ${meaning}`, 'dim')] : []),
		];
	};
	const rows: Row[] =
		lines.length > 0
			? lines
					.slice(top, top + room)
					.map((line, index) => listRow(draw(line), top + index === selected, inside.width, glyphs))
			: [[span(server ? 'no field has these words' : `${noData}: the server has not answered yet`, 'dim')]];
	const old = server && snapshot ? snapshot.at - server.at : 0;
	return frame([filterRow(view.filter, view.isFiltering, '/ filters', glyphs), ...rows], {
		title: `Server: INFO of ${snapshot ? `${snapshot.target.name} ${snapshot.target.version ?? ''}` : ''}`.trim(),
		notes: server
			? [[span(old > serverOldMs ? `${age(old)} old` : `asked ${age(old)} ago`, old > serverOldMs ? 'warn' : 'dim')]]
			: undefined,
		width,
		height,
		glyphs,
	});
};
