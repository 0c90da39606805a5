import type {EngineSnapshot} from '../engine/protocol.js';

const number = (value: number) => value.toLocaleString('en-US');
const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

function ttlLines({ttl}: EngineSnapshot): string[] {
	const estimate =
		ttl.sampled < ttl.total ? `, estimated from ${number(ttl.sampled)} of ${number(ttl.total)} keys` : '';
	const buckets = ttl.buckets.filter(({count}) => count > 0).map(({label, count}) => `${label}: ${number(count)}`);
	return [`time to live (${ttl.source}${estimate})`, `  ${buckets.join('  ') || 'no keys'}`];
}

/** One snapshot as lines for people. */
export function snapshotText(snapshot: EngineSnapshot): string {
	const {target, server, cache} = snapshot;
	const lines = [
		`${target.name} ${target.version ?? ''} (${target.kind}) at ${target.url}`.replace(/ {2,}/g, ' '),
		`cache: ${cache.mode.mode}, since ${new Date(cache.mode.at).toISOString()}: ${cache.mode.reason}`,
	];
	if (server) {
		lines.push(
			`role ${server.role}, up ${number(server.uptimeSeconds)} s, ${number(server.clients)} clients, ${number(server.opsPerSecond)} operations a second`,
			`memory ${mib(server.usedMemory)}${server.maxMemory > 0 ? ` of ${mib(server.maxMemory)}` : ''}, ${number(server.keys)} keys, ${number(server.expiredKeys)} expired, ${number(server.evictedKeys)} evicted`,
			`keyspace: ${number(server.keyspaceHits)} hits, ${number(server.keyspaceMisses)} misses`,
		);
	} else {
		lines.push('the server has not told anything of itself');
	}
	return `${[...lines, ...ttlLines(snapshot)].join('\n')}\n`;
}
