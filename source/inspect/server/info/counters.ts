import {type LatencyCounts, parseLatencyHistogram} from './latency-counts.js';
import {countKeys, type InfoSections} from './server-info.js';

/** A command since the server's start. */
export type CommandCounter = {
	readonly calls: number;
	/** Microseconds that the server worked on them. */
	readonly microseconds: number;
	/** Calls that the server refused before it began: wrong number of arguments, no permission, out of memory. */
	readonly rejected: number;
	/** Calls that failed while they ran. */
	readonly failed: number;
};

/** What a server has counted since its start. All counters grow, unless it restarts or CONFIG RESETSTAT is called. */
export type ServerCounters = {
	/** Unix time in milliseconds. */
	readonly at: number;
	/** Changes with each restart. */
	readonly runId: string;
	readonly hits: number;
	readonly misses: number;
	readonly bytesIn: number;
	readonly bytesOut: number;
	readonly evicted: number;
	readonly expired: number;
	/** Connections accepted. */
	readonly connections: number;
	readonly rejectedConnections: number;
	/** Seconds of processor time. */
	readonly cpuSeconds: number;
	readonly commands: ReadonlyMap<string, CommandCounter>;
	/** Error replies by their first word. */
	readonly errors: ReadonlyMap<string, number>;
	/** Undefined: the server has no LATENCY HISTOGRAM (before Redis 7.0), or this user may not call it. */
	readonly latency: ReadonlyMap<string, LatencyCounts> | undefined;
	/** Gauges, as of `at`. */
	readonly clients: number;
	readonly blockedClients: number;
	readonly maxClients: number;
	readonly usedMemory: number;
	/** 0: no limit. */
	readonly maxMemory: number;
	readonly keys: number;
	/** Keys with a TTL. */
	readonly expires: number;
};

type Fields = Readonly<Record<string, string>>;

/** A field of the form `calls=3,usec=17`. */
function partsOf(value: string): ReadonlyMap<string, number> {
	return new Map(
		value.split(',').map((part) => {
			const [name = '', number] = part.split('=');
			return [name, Number(number) || 0];
		}),
	);
}

function entriesOf<Value>(
	section: Fields | undefined,
	prefix: string,
	read: (parts: ReadonlyMap<string, number>) => Value,
) {
	return new Map(
		Object.entries(section ?? {})
			.filter(([field]) => field.startsWith(prefix))
			.map(([field, value]) => [field.slice(prefix.length), read(partsOf(value))]),
	);
}

/**
 * The counters in an answer to `INFO ALL`.
 *
 * @param at When it was answered, Unix time in milliseconds.
 * @param histogram The reply to LATENCY HISTOGRAM.
 */
export function countersOf(info: InfoSections, at: number, histogram: unknown): ServerCounters {
	const number = (section: string, field: string) => Number(info[section]?.[field] ?? 0) || 0;
	return {
		at,
		runId: info.server?.run_id ?? '',
		hits: number('stats', 'keyspace_hits'),
		misses: number('stats', 'keyspace_misses'),
		bytesIn: number('stats', 'total_net_input_bytes'),
		bytesOut: number('stats', 'total_net_output_bytes'),
		evicted: number('stats', 'evicted_keys'),
		expired: number('stats', 'expired_keys'),
		connections: number('stats', 'total_connections_received'),
		rejectedConnections: number('stats', 'rejected_connections'),
		cpuSeconds: number('cpu', 'used_cpu_sys') + number('cpu', 'used_cpu_user'),
		commands: entriesOf(info.commandstats, 'cmdstat_', (parts) => ({
			calls: parts.get('calls') ?? 0,
			microseconds: parts.get('usec') ?? 0,
			rejected: parts.get('rejected_calls') ?? 0,
			failed: parts.get('failed_calls') ?? 0,
		})),
		errors: entriesOf(info.errorstats, 'errorstat_', (parts) => parts.get('count') ?? 0),
		latency: histogram === undefined ? undefined : parseLatencyHistogram(histogram),
		clients: number('clients', 'connected_clients'),
		blockedClients: number('clients', 'blocked_clients'),
		maxClients: number('clients', 'maxclients'),
		usedMemory: number('memory', 'used_memory'),
		maxMemory: number('memory', 'maxmemory'),
		keys: countKeys(info.keyspace, 'keys'),
		expires: countKeys(info.keyspace, 'expires'),
	};
}
