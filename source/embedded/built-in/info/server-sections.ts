import {arch, platform, release} from 'node:os';
import {redisVersion, serverName} from '../identity.js';
import type {Server} from '../server.js';
import {type Fields, humanBytes} from './fields.js';
import {startupBytes} from './startup-bytes.js';

export function serverFields(server: Server, runId: string): Fields {
	const seconds = Math.floor((server.now - server.startedAt) / 1000);
	return [
		['redis_version', redisVersion],
		['server_name', serverName],
		['redis_mode', 'standalone'],
		['os', `${platform()} ${release()} ${arch()}`],
		['arch_bits', 64],
		['node_version', process.versions.node],
		['process_id', process.pid],
		['run_id', runId],
		['tcp_port', server.port],
		['server_time_usec', server.now * 1000],
		['uptime_in_seconds', seconds],
		['uptime_in_days', Math.floor(seconds / 86_400)],
		['hz', 10],
		['configured_hz', 10],
		['lru_clock', Math.floor(server.now / 1000) % 2 ** 24],
		['executable', process.execPath],
		['config_file', ''],
	];
}

export function clientFields(server: Server): Fields {
	return [
		['connected_clients', server.clients.size],
		['cluster_connections', 0],
		['maxclients', server.config.maxClients],
		['blocked_clients', server.blocked.count],
		['tracking_clients', server.tracking.clientCount],
	];
}

export function memoryFields(server: Server): Fields {
	const used = server.usedMemory;
	const dataset = server.databases.reduce((sum, {bytes}) => sum + bytes, 0);
	const rss = process.memoryUsage.rss();
	const peak = Math.max(used, server.stats.peakMemory);
	server.stats.peakMemory = peak;
	const {maxMemory, policy} = server.config;
	return [
		['used_memory', used],
		['used_memory_human', humanBytes(used)],
		['used_memory_rss', rss],
		['used_memory_rss_human', humanBytes(rss)],
		['used_memory_peak', peak],
		['used_memory_peak_human', humanBytes(peak)],
		['used_memory_peak_perc', `${((used / peak) * 100).toFixed(2)}%`],
		['used_memory_overhead', used - dataset],
		['used_memory_startup', startupBytes],
		['used_memory_dataset', dataset],
		['used_memory_dataset_perc', `${((dataset / Math.max(1, used - startupBytes)) * 100).toFixed(2)}%`],
		['number_of_cached_scripts', server.scripts.count],
		['used_memory_scripts_eval', server.scripts.bytes],
		['maxmemory', maxMemory],
		['maxmemory_human', humanBytes(maxMemory)],
		['maxmemory_policy', policy],
		['mem_fragmentation_ratio', (rss / used).toFixed(2)],
		['mem_fragmentation_bytes', rss - used],
		['mem_allocator', 'v8'],
	];
}

export function replicationFields(runId: string): Fields {
	return [
		['role', 'master'],
		['connected_slaves', 0],
		['master_failover_state', 'no-failover'],
		['master_replid', runId],
		['master_replid2', '0'.repeat(40)],
		['master_repl_offset', 0],
		['second_repl_offset', -1],
		['repl_backlog_active', 0],
		['repl_backlog_size', 0],
		['repl_backlog_first_byte_offset', 0],
		['repl_backlog_histlen', 0],
	];
}

export function cpuFields(): Fields {
	const {user, system} = process.cpuUsage();
	return [
		['used_cpu_sys', (system / 1_000_000).toFixed(6)],
		['used_cpu_user', (user / 1_000_000).toFixed(6)],
		['used_cpu_sys_children', '0.000000'],
		['used_cpu_user_children', '0.000000'],
	];
}
