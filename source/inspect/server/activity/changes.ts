import {formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount} from '../../../text/number.js';
import type {InfoSections} from '../info/info-sections.js';
import type {NodeReading} from '../info/read-node.js';
import {isReset} from './figures.js';

/** A change of a server between two readings. */
export type ServerChange = {
	readonly kind: 'restart' | 'failover' | 'config' | 'clients' | 'replicas' | 'reset' | 'flush' | 'nodes';
	/** When it was seen, Unix time in milliseconds. */
	readonly at: number;
	readonly level: 'info' | 'warn';
	/** Description. In a cluster it begins with the address of the node. */
	readonly text: string;
	/** The node of a cluster; undefined for a single server, and for changes of the cluster as a whole. */
	readonly address?: string | undefined;
};

type Change = Omit<ServerChange, 'at'>;

/** Tolerance in milliseconds when the uptime of a server is compared with the time between two polls. */
const startToleranceMs = 2000;

/** Minimum increase of clients for a surge, as a number and as a share of the usual number. */
const surge = {clients: 50, share: 0.5} as const;

/** Settings that INFO shows, with their names in CONFIG. */
const settings: readonly {
	readonly name: string;
	readonly read: (info: InfoSections) => string | undefined;
	readonly show?: (value: string) => string;
}[] = [
	{
		name: 'maxmemory',
		read: ({memory}) => memory?.maxmemory,
		show: (value) => (value === '0' ? 'no limit' : formatBytes(Number(value))),
	},
	{name: 'maxmemory-policy', read: ({memory}) => memory?.maxmemory_policy},
	{name: 'maxclients', read: ({clients}) => clients?.maxclients},
	{
		name: 'appendonly',
		read: ({persistence}) => persistence?.aof_enabled,
		show: (value) => (value === '1' ? 'yes' : 'no'),
	},
	{name: 'hz', read: ({server}) => server?.configured_hz},
];

function restartOf(before: NodeReading, after: NodeReading, info: InfoSections): Change | undefined {
	if (before.counters.runId === after.counters.runId) return undefined;
	const upMs = Number(info.server?.uptime_in_seconds ?? 0) * 1000;
	const passedMs = after.counters.at - before.counters.at;
	return upMs <= passedMs + startToleranceMs
		? {kind: 'restart', level: 'warn', text: `restarted, with ${formatCount(after.counters.keys)} keys`}
		: {kind: 'failover', level: 'warn', text: `failover: another server answers, up ${formatElapsed(upMs)}`};
}

function roleChange(before: InfoSections, after: InfoSections): Change | undefined {
	const role = after.replication?.role;
	if (role === undefined || role === before.replication?.role) return undefined;
	return {kind: 'failover', level: 'warn', text: role === 'master' ? 'became the master' : 'became a replica'};
}

function replicaChange(before: InfoSections, after: InfoSections): Change | undefined {
	const [then, now] = [Number(before.replication?.connected_slaves), Number(after.replication?.connected_slaves)];
	if (!(then >= 0 && now >= 0) || then === now) return undefined;
	return {kind: 'replicas', level: now < then ? 'warn' : 'info', text: `replicas: ${then} → ${now}`};
}

function settingChanges(before: InfoSections, after: InfoSections): readonly Change[] {
	return settings.flatMap(({name, read, show = (value: string) => value}): Change[] => {
		const [then, now] = [read(before), read(after)];
		if (then === undefined || now === undefined || then === now) return [];
		return [{kind: 'config', level: 'warn', text: `${name} changed: ${show(then)} → ${show(now)}`}];
	});
}

/** Calls of FLUSHALL and FLUSHDB of all clients. */
function flushOf({counters: before}: NodeReading, {counters: after}: NodeReading): Change | undefined {
	const calls = (counters: NodeReading['counters']) =>
		(counters.commands.get('flushall')?.calls ?? 0) + (counters.commands.get('flushdb')?.calls ?? 0);
	if (calls(after) <= calls(before)) return undefined;
	return {
		kind: 'flush',
		level: 'warn',
		text: `emptied by FLUSHALL or FLUSHDB: ${formatCount(before.keys)} keys before`,
	};
}

/** The changes of one server between two readings. */
export function changesBetween(before: NodeReading, after: NodeReading): readonly Change[] {
	const [then, now] = [before.info, after.info];
	const restart = restartOf(before, after, now);
	const found = restart
		? [restart]
		: isReset(before.counters, after.counters)
			? [{kind: 'reset', level: 'info', text: 'its statistics were reset'} as const]
			: [flushOf(before, after)];
	return [...found, roleChange(then, now), replicaChange(then, now), ...settingChanges(then, now)].filter(
		(change) => change !== undefined,
	);
}

/**
 * A surge of clients.
 *
 * @param usual Number of clients a minute before.
 */
export function surgeOf(usual: number, clients: number): Change | undefined {
	const added = clients - usual;
	if (added < surge.clients || added < usual * surge.share) return undefined;
	return {kind: 'clients', level: 'warn', text: `clients: ${formatCount(usual)} → ${formatCount(clients)}`};
}

/** Masters that joined or left a cluster. */
export function nodeChanges(before: readonly string[], after: readonly string[]): readonly Change[] {
	const change = (text: string): Change => ({kind: 'nodes', level: 'warn', text});
	return [
		...after.filter((address) => !before.includes(address)).map((address) => change(`${address} is now a master`)),
		...before
			.filter((address) => !after.includes(address))
			.map((address) => change(`${address} is no longer a master`)),
	];
}
