import type {EngineSnapshot} from '../../engine/protocol.js';
import {formatBytes, formatCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';

function ttlLines({ttl}: EngineSnapshot): string[] {
	const estimate =
		ttl.sampled < ttl.total ? `, estimated from ${formatCount(ttl.sampled)} of ${formatCount(ttl.total)} keys` : '';
	const buckets = ttl.buckets.filter(({count}) => count > 0).map(({label, count}) => `${label}: ${formatCount(count)}`);
	return [`time to live (${ttl.source}${estimate})`, `  ${buckets.join('  ') || 'no keys'}`];
}

/** Formats a snapshot for people. */
export function snapshotText(snapshot: EngineSnapshot): string {
	const {target, server, cache} = snapshot;
	const lines = [
		`${target.name} ${target.version ?? ''} (${target.kind}) at ${target.url}`.replace(/ {2,}/g, ' '),
		`cache: ${cache.mode.mode}, since ${new Date(cache.mode.at).toISOString()}: ${cache.mode.reason}`,
	];
	if (server) {
		lines.push(
			`role ${server.role}, up ${formatCount(server.uptimeSeconds)} s, ${formatCount(server.clients)} clients, ${formatCount(server.opsPerSecond)} operations per second`,
			`memory ${formatBytes(server.usedMemory)}${server.maxMemory > 0 ? ` of ${formatBytes(server.maxMemory)}` : ''}, ${formatCount(server.keys)} keys, ${formatCount(server.expiredKeys)} expired, ${formatCount(server.evictedKeys)} evicted`,
			`keyspace: ${formatCount(server.keyspaceHits)} hits, ${formatCount(server.keyspaceMisses)} misses`,
		);
	} else {
		lines.push('server: no answer to INFO');
	}
	return `${[...lines, ...ttlLines(snapshot)].map(printable).join('\n')}\n`;
}
