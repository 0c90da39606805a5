import type {ServerSnapshot} from '../../engine/protocol.js';
import {bytes, count, duration, noData, percent, shortCount} from '../format.js';
import {fitRow, padEnd, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';

type Vital = {readonly name: string; readonly words: string; readonly style: StyleName};

const cellWidth = 38;
const nameWidth = 12;

/** What matters first, each with whether it is as it should be. */
function vitalsOf(server: ServerSnapshot): readonly Vital[] {
	const field = (section: string, name: string) => server.info[section]?.[name];
	const alarm = (isBad: boolean, style: StyleName = 'warn'): StyleName => (isBad ? style : 'text');
	const share = server.maxMemory > 0 ? server.usedMemory / server.maxMemory : undefined;
	const lookups = server.keyspaceHits + server.keyspaceMisses;
	const saved = field('persistence', 'rdb_last_bgsave_status');
	const blocked = Number(field('clients', 'blocked_clients') ?? 0);
	const isSlave = server.role === 'slave';
	const link = field('replication', 'master_link_status');
	const replicas = Number(field('replication', 'connected_slaves') ?? 0);
	return [
		{name: 'commands', words: `${count(server.opsPerSecond)}/s of all clients`, style: 'text'},
		{
			name: 'memory',
			words:
				share === undefined
					? `${bytes(server.usedMemory)}, no limit`
					: `${bytes(server.usedMemory)} of ${bytes(server.maxMemory)}, ${percent(share, 0)}`,
			style: alarm(share !== undefined && share > 0.9, 'bad'),
		},
		{name: 'keys', words: count(server.keys), style: 'text'},
		{
			name: 'lookups',
			words: lookups > 0 ? `${percent(server.keyspaceHits / lookups)} found` : noData,
			style: 'text',
		},
		{
			name: 'clients',
			words: `${count(server.clients)}${blocked > 0 ? `, ${count(blocked)} blocked` : ''}`,
			style: alarm(blocked > 0),
		},
		{
			name: 'evicted',
			words: `${shortCount(server.evictedKeys)}, expired ${shortCount(server.expiredKeys)}`,
			style: alarm(server.evictedKeys > 0),
		},
		{
			name: 'role',
			words: isSlave
				? `replica, link ${link ?? 'unknown'}`
				: `${server.role}${replicas > 0 ? `, ${count(replicas)} replicas` : ''}`,
			style: alarm(isSlave && link !== 'up', 'bad'),
		},
		{
			name: 'up',
			words: `${duration(server.uptimeSeconds * 1000)}${saved !== undefined && saved !== 'ok' ? `, last snapshot ${saved}` : ''}`,
			style: alarm(saved !== undefined && saved !== 'ok', 'bad'),
		},
	];
}

/**
 * The server in a few figures, in as many columns as there is room for. Where there are not rows enough, those that are
 * wrong come first.
 */
export function serverVitals(server: ServerSnapshot, width: number, rows: number): Row[] {
	const columns = Math.min(4, Math.max(1, Math.floor(width / cellWidth)));
	const cell = Math.floor(width / columns);
	const vitals = vitalsOf(server);
	const isRoom = vitals.length <= rows * columns;
	const all = isRoom
		? vitals
		: [...vitals.filter(({style}) => style !== 'text'), ...vitals.filter(({style}) => style === 'text')];
	return Array.from({length: Math.min(rows, Math.ceil(all.length / columns))}, (_, y) =>
		all
			.slice(y * columns, (y + 1) * columns)
			.flatMap(({name, words, style}) =>
				fitRow(
					[span(padEnd(name, nameWidth), 'dim'), span(words, style), span(style === 'text' ? '' : ' !', style)],
					cell,
				),
			),
	);
}
