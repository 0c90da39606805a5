import {countKeys, type InfoSections} from './info-sections.js';

type Source = {readonly section: string; readonly fields: readonly string[]};

/**
 * Counters since the start of a server, each the sum of some fields of INFO. They only grow, unless CONFIG RESETSTAT is called.
 */
const counters = {
	/** Lookups that found their key. */
	hits: {section: 'stats', fields: ['keyspace_hits']},
	/** Lookups that found no key. */
	misses: {section: 'stats', fields: ['keyspace_misses']},
	bytesIn: {section: 'stats', fields: ['total_net_input_bytes']},
	bytesOut: {section: 'stats', fields: ['total_net_output_bytes']},
	evicted: {section: 'stats', fields: ['evicted_keys']},
	expired: {section: 'stats', fields: ['expired_keys']},
	/** Connections accepted. */
	connections: {section: 'stats', fields: ['total_connections_received']},
	rejectedConnections: {section: 'stats', fields: ['rejected_connections']},
	/** Seconds of processor time. */
	cpuSeconds: {section: 'cpu', fields: ['used_cpu_sys', 'used_cpu_user']},
	/** The part of `cpuSeconds` in the thread that runs commands. 0 if it is not reported: before Redis 6.2, or not on Linux. */
	mainThreadSeconds: {section: 'cpu', fields: ['used_cpu_sys_main_thread', 'used_cpu_user_main_thread']},
} as const satisfies Readonly<Record<string, Source>>;

/** Current values. */
const gauges = {
	clients: {section: 'clients', fields: ['connected_clients']},
	blockedClients: {section: 'clients', fields: ['blocked_clients']},
	usedMemory: {section: 'memory', fields: ['used_memory']},
	/** 0: no limit. */
	maxMemory: {section: 'memory', fields: ['maxmemory']},
} as const satisfies Readonly<Record<string, Source>>;

export type InfoCounters = {readonly [Name in keyof typeof counters]: number};

export type InfoGauges = {readonly [Name in keyof typeof gauges]: number} & {
	readonly keys: number;
	/** Number of keys with a TTL. */
	readonly expires: number;
};

type Numbers<Table> = Record<keyof Table, number>;

/** Computes a figure for each name of a table. */
function mapTable<Table extends object>(table: Table, figure: (name: keyof Table) => number): Numbers<Table> {
	const names = Object.keys(table) as (keyof Table)[];
	return Object.fromEntries(names.map((name) => [name, figure(name)])) as Numbers<Table>;
}

/** Computes a figure for each counter. */
export const mapCounters = (figure: (name: keyof InfoCounters) => number): InfoCounters => mapTable(counters, figure);

/** Computes a figure for each gauge. */
export const mapGauges = (figure: (name: keyof InfoGauges) => number): InfoGauges => ({
	...mapTable(gauges, figure),
	keys: figure('keys'),
	expires: figure('expires'),
});

/** Fields of INFO that are added up over the nodes of a cluster. */
export const additiveFields: ReadonlySet<string> = new Set([
	...[...Object.values(counters), ...Object.values(gauges)].flatMap(({fields}) => [...fields]),
	'total_commands_processed',
	'instantaneous_ops_per_sec',
]);

/** Reads counters and gauges from an answer to INFO. A field that is missing counts as 0. */
export function readFields(info: InfoSections): InfoCounters & InfoGauges {
	const sum = ({section, fields}: Source) =>
		fields.reduce((total, field) => total + (Number(info[section]?.[field] ?? 0) || 0), 0);
	return {
		...mapCounters((name) => sum(counters[name])),
		...mapGauges((name) =>
			name === 'keys' || name === 'expires' ? countKeys(info.keyspace, name) : sum(gauges[name]),
		),
	};
}
