import {type Sender, textOf} from './sender.js';
import type {ServerSnapshot} from './types.js';

export type InfoSections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** INFO's text by section. A server may send any sections and fields; none is relied on. */
export function parseInfo(text: string): InfoSections {
	const sections: Record<string, Record<string, string>> = {};
	let section: Record<string, string> = {};
	for (const line of text.split(/\r?\n/)) {
		if (line.startsWith('#')) {
			section = {};
			sections[line.slice(1).trim().toLowerCase()] = section;
			continue;
		}
		const colon = line.indexOf(':');
		if (colon > 0) section[line.slice(0, colon)] = line.slice(colon + 1);
	}
	return sections;
}

const countKeys = (keyspace: Readonly<Record<string, string>> = {}): number =>
	Object.values(keyspace).reduce((sum, line) => sum + Number(/keys=(\d+)/.exec(line)?.[1] ?? 0), 0);

/** Asks the server for INFO. One command, answered from counters. */
export async function readServer(sender: Sender): Promise<ServerSnapshot> {
	const info = parseInfo(textOf(await sender.send('INFO', [])));
	const number = (section: string, field: string) => Number(info[section]?.[field] ?? 0) || 0;
	return {
		at: Date.now(),
		role: info.replication?.role ?? 'unknown',
		uptimeSeconds: number('server', 'uptime_in_seconds'),
		clients: number('clients', 'connected_clients'),
		usedMemory: number('memory', 'used_memory'),
		maxMemory: number('memory', 'maxmemory'),
		opsPerSecond: number('stats', 'instantaneous_ops_per_sec'),
		keys: countKeys(info.keyspace),
		expiredKeys: number('stats', 'expired_keys'),
		evictedKeys: number('stats', 'evicted_keys'),
		keyspaceHits: number('stats', 'keyspace_hits'),
		keyspaceMisses: number('stats', 'keyspace_misses'),
		info,
	};
}

/** Name and version of a server, as INFO tells them. */
export function serverIdentity(info: InfoSections): {readonly name: string; readonly version: string | undefined} {
	const server = info.server ?? {};
	if (server.valkey_version) return {name: 'valkey', version: server.valkey_version};
	return {name: server.server_name ?? 'redis', version: server.redis_version};
}
