import type {ServerSnapshot} from '../../engine/protocol.js';
import {formatElapsed, formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {fitRow, padEnd, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {isWideSpread} from './node-rows.js';

/** Milliseconds after which the last answer of the server counts as old. */
export const serverOldMs = 5000;

/** Share of lookups that found their key, 0 to 1; undefined without lookups. */
export function keyspaceHitRatio({keyspaceHits, keyspaceMisses}: ServerSnapshot): number | undefined {
	const lookups = keyspaceHits + keyspaceMisses;
	return lookups > 0 ? keyspaceHits / lookups : undefined;
}

/** The figures of the server, in the order of their places; `clocks` only of a cluster. */
const factNames = ['commands', 'memory', 'keys', 'keyspace', 'clients', 'evicted', 'role', 'uptime', 'clocks'] as const;

/** The largest clock difference between nodes of a cluster, in milliseconds. Undefined: not a cluster, or unknown. */
type ClockSpread = number | undefined;

/** The names of the available figures. */
export const factNamesOf = (clockSpreadMs: ClockSpread): readonly (typeof factNames)[number][] =>
	factNames.filter((name) => name !== 'clocks' || clockSpreadMs !== undefined);

/** A figure of the server. Its style is other than `text` when it is a problem. */
type Fact = {readonly words: string; readonly style: StyleName};

/** Cells of a figure with its name. */
export const factWidth = 38;

/** Columns of figures on the widest terminal. */
export const mostFactColumns = 4;

const nameWidth = 12;

/** Share of the memory limit above which memory is a problem. */
const fullShare = 0.9;

/** `master, 1 replica`; of a cluster, whose masters are read as one server, `3 masters of 6 nodes`. */
export function roleWords({role, info: {cluster, replication}}: ServerSnapshot): string {
	const masters = Number(cluster?.cluster_size ?? 0);
	if (masters > 0)
		return `${formatCountOf(masters, 'master')} of ${formatCountOf(Number(cluster?.cluster_known_nodes ?? 0), 'node')}`;
	const replicas = Number(replication?.connected_slaves ?? 0);
	return replicas > 0 ? `${role}, ${formatCountOf(replicas, 'replica')}` : role;
}

function factsOf(
	server: ServerSnapshot,
	clockSpreadMs: ClockSpread,
): Readonly<Record<(typeof factNames)[number], Fact>> {
	const field = (section: string, name: string) => server.info[section]?.[name];
	const problem = (isProblem: boolean, style: StyleName = 'warn'): StyleName => (isProblem ? style : 'text');
	const share = server.maxMemory > 0 ? server.usedMemory / server.maxMemory : undefined;
	const saved = field('persistence', 'rdb_last_bgsave_status');
	const isSaveProblem = saved !== undefined && saved !== 'ok';
	const blocked = Number(field('clients', 'blocked_clients') ?? 0);
	const isReplica = server.role === 'slave';
	const link = field('replication', 'master_link_status');
	return {
		commands: {words: `${formatCount(server.opsPerSecond)}/s of all clients`, style: 'text'},
		memory: {
			words:
				share === undefined
					? `${formatBytes(server.usedMemory)}, no limit`
					: `${formatBytes(server.usedMemory)} of ${formatBytes(server.maxMemory)}, ${formatPercent(share, 0)}`,
			style: problem(share !== undefined && share > fullShare, 'bad'),
		},
		keys: {words: formatCount(server.keys), style: 'text'},
		keyspace: {words: `hit ratio ${formatPercent(keyspaceHitRatio(server))}`, style: 'text'},
		clients: {
			words: `${formatCount(server.clients)}${blocked > 0 ? `, ${formatCount(blocked)} blocked` : ''}`,
			style: problem(blocked > 0),
		},
		evicted: {
			words: `${formatShortCount(server.evictedKeys)}, expired ${formatShortCount(server.expiredKeys)}`,
			style: problem(server.evictedKeys > 0),
		},
		role: {
			words: isReplica ? `replica, link ${link ?? 'unknown'}` : roleWords(server),
			style: problem((isReplica && link !== 'up') || field('cluster', 'cluster_state') === 'fail', 'bad'),
		},
		uptime: {
			words: `${formatElapsed(server.uptimeSeconds * 1000)}${isSaveProblem ? `, last snapshot ${saved}` : ''}`,
			style: problem(isSaveProblem, 'bad'),
		},
		clocks: {
			words: `within ${formatLatency(clockSpreadMs)}`,
			style: problem(isWideSpread(clockSpreadMs)),
		},
	};
}

const columnsOf = (width: number) => Math.min(mostFactColumns, Math.max(1, Math.floor(width / factWidth)));

/** The figures of the server in as many columns as fit. Where rows are few, problems come first. */
export function serverFacts(server: ServerSnapshot, width: number, rows: number, clockSpreadMs?: number): Row[] {
	const columns = columnsOf(width);
	const cell = Math.floor(width / columns);
	const byName = factsOf(server, clockSpreadMs);
	const facts = factNamesOf(clockSpreadMs).map((name) => ({name, ...byName[name]}));
	const hasRoom = facts.length <= rows * columns;
	const shown = hasRoom
		? facts
		: [...facts.filter(({style}) => style !== 'text'), ...facts.filter(({style}) => style === 'text')];
	return Array.from({length: Math.min(rows, Math.ceil(shown.length / columns))}, (_, y) =>
		shown
			.slice(y * columns, (y + 1) * columns)
			.flatMap(({name, words, style}) =>
				fitRow(
					[
						span(padEnd(name, nameWidth), 'dim'),
						span(printable(words), style),
						span(style === 'text' ? '' : ' !', style),
					],
					cell,
				),
			),
	);
}
