import {type Sender, textOf} from '../../sender.js';

/** Fields of INFO, by section. */
export type InfoSections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The answer of a server to INFO. */
export type ServerSnapshot = {
	/** When it answered, Unix time in milliseconds. */
	readonly at: number;
	readonly role: string;
	readonly uptimeSeconds: number;
	readonly clients: number;
	readonly usedMemory: number;
	readonly maxMemory: number;
	readonly opsPerSecond: number;
	readonly keys: number;
	/** Keys with a TTL. */
	readonly expires: number;
	readonly expiredKeys: number;
	readonly evictedKeys: number;
	readonly keyspaceHits: number;
	readonly keyspaceMisses: number;
	/** All fields, by section. */
	readonly info: InfoSections;
};

/** Parses the text of INFO. A server may send any sections and fields, and none has to be there. */
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

/** Adds up a figure of all databases: `keys`, or `expires`, those with a TTL. */
export const countKeys = (keyspace: Readonly<Record<string, string>> = {}, figure: 'keys' | 'expires'): number =>
	Object.values(keyspace).reduce((sum, line) => sum + Number(new RegExp(`${figure}=(\\d+)`).exec(line)?.[1] ?? 0), 0);

/** Asks a server for INFO: one command, which it answers from counters. */
export async function readServer(sender: Sender): Promise<ServerSnapshot> {
	return serverOf(parseInfo(textOf(await sender.send('INFO', []))), Date.now());
}

/**
 * The main figures of an answer to INFO.
 *
 * @param at When it was answered, Unix time in milliseconds.
 */
export function serverOf(info: InfoSections, at: number): ServerSnapshot {
	const number = (section: string, field: string) => Number(info[section]?.[field] ?? 0) || 0;
	return {
		at,
		role: info.replication?.role ?? 'unknown',
		uptimeSeconds: number('server', 'uptime_in_seconds'),
		clients: number('clients', 'connected_clients'),
		usedMemory: number('memory', 'used_memory'),
		maxMemory: number('memory', 'maxmemory'),
		opsPerSecond: number('stats', 'instantaneous_ops_per_sec'),
		keys: countKeys(info.keyspace, 'keys'),
		expires: countKeys(info.keyspace, 'expires'),
		expiredKeys: number('stats', 'expired_keys'),
		evictedKeys: number('stats', 'evicted_keys'),
		keyspaceHits: number('stats', 'keyspace_hits'),
		keyspaceMisses: number('stats', 'keyspace_misses'),
		info,
	};
}

/** Name and version of a server, from its INFO. */
export function serverIdentity(info: InfoSections): {readonly name: string; readonly version: string | undefined} {
	const server = info.server ?? {};
	if (server.valkey_version) return {name: 'valkey', version: server.valkey_version};
	return {name: server.server_name ?? 'redis', version: server.redis_version};
}
