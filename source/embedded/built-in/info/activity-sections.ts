import type {Command} from '../commands/command.js';
import type {Server} from '../server.js';
import type {Fields} from './fields.js';

export function persistenceFields(server: Server): Fields {
	return [
		['loading', 0],
		['async_loading', 0],
		['rdb_changes_since_last_save', server.dirty],
		['rdb_bgsave_in_progress', 0],
		['rdb_last_save_time', Math.floor(server.startedAt / 1000)],
		['rdb_last_bgsave_status', 'ok'],
		['aof_enabled', 0],
		['aof_rewrite_in_progress', 0],
		['aof_last_write_status', 'ok'],
	];
}

export function statsFields({stats, pubSub, tracking}: Server): Fields {
	return [
		['total_connections_received', stats.connections],
		['total_commands_processed', stats.commands],
		['instantaneous_ops_per_sec', stats.opsPerSecond],
		['total_net_input_bytes', stats.netInput],
		['total_net_output_bytes', stats.netOutput],
		['rejected_connections', stats.rejectedConnections],
		['expired_keys', stats.expired],
		['evicted_keys', stats.evicted],
		['keyspace_hits', stats.hits],
		['keyspace_misses', stats.misses],
		['pubsub_channels', pubSub.channelCount],
		['pubsub_patterns', pubSub.patternCount],
		['tracking_total_keys', tracking.keyCount],
		['tracking_total_items', tracking.itemCount],
		['tracking_total_prefixes', tracking.prefixCount],
		['total_error_replies', stats.errorReplies],
		['total_reads_processed', stats.reads],
		['total_writes_processed', stats.writes],
	];
}

export function commandStatsFields(server: Server): Fields {
	const all: Command[] = [];
	for (const command of server.commands.values()) all.push(command, ...(command.subcommands?.values() ?? []));
	return all
		.filter(({stats}) => stats.calls + stats.rejected + stats.failed > 0)
		.map(({fullName, stats}) => {
			const average = stats.calls === 0 ? 0 : stats.microseconds / stats.calls;
			const text = `calls=${stats.calls},usec=${stats.microseconds},usec_per_call=${average.toFixed(2)},rejected_calls=${stats.rejected},failed_calls=${stats.failed}`;
			return [`cmdstat_${fullName}`, text];
		});
}

export function errorStatsFields({stats}: Server): Fields {
	return [...stats.errors].sort().map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);
}

export function keyspaceFields(server: Server): Fields {
	return server.databases
		.filter(({size}) => size > 0)
		.map((db) => [`db${db.index}`, `keys=${db.size},expires=${db.volatileSize},avg_ttl=${db.averageTtl()}`]);
}
