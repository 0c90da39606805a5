import {type Sender, textOf} from '../../sender.js';
import {readFields} from './info-fields.js';
import {type InfoSections, parseInfo} from './info-sections.js';

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
	/** Number of keys with a TTL. */
	readonly expires: number;
	readonly expiredKeys: number;
	readonly evictedKeys: number;
	readonly keyspaceHits: number;
	readonly keyspaceMisses: number;
	/** All fields, by section. */
	readonly info: InfoSections;
};

/** Reads INFO of a server. */
export async function readServer(sender: Sender): Promise<ServerSnapshot> {
	return serverOf(parseInfo(textOf(await sender.send('INFO', []))), Date.now());
}

/**
 * The main figures of an answer to INFO.
 *
 * @param at When it was answered, Unix time in milliseconds.
 */
export function serverOf(info: InfoSections, at: number): ServerSnapshot {
	const {clients, usedMemory, maxMemory, keys, expires, expired, evicted, hits, misses} = readFields(info);
	return {
		at,
		role: info.replication?.role ?? 'unknown',
		uptimeSeconds: Number(info.server?.uptime_in_seconds ?? 0) || 0,
		clients,
		usedMemory,
		maxMemory,
		opsPerSecond: Number(info.stats?.instantaneous_ops_per_sec ?? 0) || 0,
		keys,
		expires,
		expiredKeys: expired,
		evictedKeys: evicted,
		keyspaceHits: hits,
		keyspaceMisses: misses,
		info,
	};
}

/** Name and version of a server, from its INFO. */
export function serverIdentity(info: InfoSections): {readonly name: string; readonly version: string | undefined} {
	const server = info.server ?? {};
	if (server.valkey_version) return {name: 'valkey', version: server.valkey_version};
	return {name: server.server_name ?? 'redis', version: server.redis_version};
}
