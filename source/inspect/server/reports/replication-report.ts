import {formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount} from '../../../text/number.js';
import {type Sender, textOf} from '../../sender.js';
import {parseInfo} from '../info/info-sections.js';
import {fact, factColumns, type ReportRow, type ServerReport} from './report.js';

type Fields = Readonly<Record<string, string>>;

/** Bytes of replication lag above which a replica is marked, since reads from it are outdated. */
const behindBytes = 1024 * 1024;

function replicaRows(replication: Fields): readonly ReportRow[] {
	const offset = Number(replication.master_repl_offset ?? 0);
	return Object.entries(replication)
		.filter(([field]) => /^slave\d+$/.test(field))
		.flatMap(([field, line]) => {
			const parts = new Map(line.split(',').map((part) => part.split('=') as [string, string]));
			const behind = Math.max(0, offset - Number(parts.get('offset') ?? offset));
			const state = parts.get('state');
			return fact(
				field.replace('slave', 'replica '),
				`${parts.get('ip')}:${parts.get('port')}`,
				`${state}, ${formatBytes(behind)} behind, last heard ${parts.get('lag') ?? '?'} s ago`,
				state !== 'online' || behind > behindBytes ? 'warn' : 'plain',
			);
		});
}

function masterRows(replication: Fields): readonly ReportRow[] {
	if (replication.role !== 'slave') return [];
	const isUp = replication.master_link_status === 'up';
	return [
		...fact('master', `${replication.master_host}:${replication.master_port}`, 'what this replica copies'),
		...fact('link to the master', replication.master_link_status, isUp ? '' : 'reads are old', isUp ? 'plain' : 'bad'),
		...fact('last message of the master', `${replication.master_last_io_seconds_ago} s ago`, 'it pings every 10 s'),
		...fact('copying everything', replication.master_sync_in_progress === '1' ? 'yes' : 'no', 'reads may be refused'),
	];
}

const okLevel = (status: string | undefined): ReportRow['level'] =>
	status === undefined || status === 'ok' ? 'plain' : 'bad';

function persistenceRows(persistence: Fields): readonly ReportRow[] {
	const savedAt = Number(persistence.rdb_last_save_time ?? 0) * 1000;
	const hasAof = persistence.aof_enabled === '1';
	const forkUs = Number(persistence.latest_fork_usec ?? Number.NaN);
	return [
		...fact(
			'last snapshot',
			savedAt > 0 ? `${formatElapsed(Date.now() - savedAt)} ago` : undefined,
			'or start of the server',
		),
		...fact(
			'its result',
			persistence.rdb_last_bgsave_status,
			'writes may be refused after a failed one',
			okLevel(persistence.rdb_last_bgsave_status),
		),
		...fact(
			'changes since then',
			formatCount(Number(persistence.rdb_changes_since_last_save ?? 0)),
			'lost in a crash, without an append-only file',
		),
		...fact(
			'snapshot running',
			persistence.rdb_bgsave_in_progress === '1' ? 'yes' : 'no',
			'memory grows while it runs',
		),
		...fact('append-only file', hasAof ? 'on' : 'off', hasAof ? '' : 'fine for a cache'),
		...(hasAof
			? fact('its last write', persistence.aof_last_write_status, '', okLevel(persistence.aof_last_write_status))
			: []),
		...(Number.isFinite(forkUs) ? fact('last fork', formatElapsed(forkUs / 1000), 'the server was blocked') : []),
	];
}

/** The copies of the data, on other servers and on disk. */
export async function replicationReport(sender: Sender): Promise<ServerReport> {
	const {replication = {}, persistence = {}, stats = {}} = parseInfo(textOf(await sender.send('INFO', ['ALL'])));
	return {
		columns: factColumns(23, 15),
		rows: [
			...fact(
				'role',
				replication.role === 'slave' ? 'replica' : replication.role,
				replication.role === 'slave' ? 'copies a master' : 'takes writes',
			),
			...masterRows(replication),
			...fact(
				'replicas',
				replication.connected_slaves,
				replication.connected_slaves === '0' ? 'a crash loses what is not on disk' : 'listed below',
			),
			...replicaRows(replication),
			...fact('full copies to replicas', stats.sync_full, 'since the start'),
			...fact('failed partial copies', stats.sync_partial_err, 'a bigger repl-backlog-size avoids them'),
			...persistenceRows({...persistence, ...(stats.latest_fork_usec && {latest_fork_usec: stats.latest_fork_usec})}),
		],
		notes: ['Replicas, snapshots and the append-only file; INFO'],
	};
}
