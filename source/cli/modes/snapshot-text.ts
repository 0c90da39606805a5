import type {EngineSnapshot} from '../../engine/protocol.js';
import {hitRatioOf, perSecond} from '../../inspect/server/activity/merge-figures.js';
import {verdictSentence} from '../../inspect/server/activity/verdict.js';
import {dashboardWords} from '../../inspect/server/clients/other-dashboards.js';
import {formatElapsed, formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';

/** `≤ 10m` for the label `10m`. The label of a bucket without an upper bound, `more`, is unchanged. */
const upTo = (label: string) => (/^\d/.test(label) ? `≤ ${label}` : label);

function ttlLines({ttl, activity}: EngineSnapshot): string[] {
	if (ttl.buckets.length === 0) {
		const refused = activity.refused.find(({command}) => command === 'SCAN');
		return [`time to live: not known, ${refused ? `${refused.reason}: SCAN` : 'no keys were looked up in this time'}`];
	}
	const withTtl = ttl.total - (ttl.withoutTtl ?? 0);
	const isEstimate = ttl.sampled < withTtl;
	const factor = isEstimate && ttl.sampled > 0 ? withTtl / ttl.sampled : 1;
	const estimate = isEstimate ? `, estimated from ${formatCount(ttl.sampled)} of ${formatCount(withTtl)} keys` : '';
	const counts = ttl.buckets.map(({label, count}) => ({label, count: count * factor}));
	const all = [...counts, {label: 'no TTL', count: ttl.withoutTtl ?? 0}];
	const buckets = all.filter(({count}) => count > 0).map(({label, count}) => `${upTo(label)}: ${formatCount(count)}`);
	return [`time to live (${ttl.source}${estimate})`, `  ${buckets.join('  ') || 'no keys'}`];
}

/** The activity of applications on the server during the measured time. */
function activityLines({activity}: EngineSnapshot): string[] {
	const {recent, verdict, refused, nodes} = activity;
	const missing = [
		...activity.missing.map(({address, reason}) => `node ${address} (${reason})`),
		...refused.map(({command, reason}) => `${reason}: ${command}`),
	];
	const others = dashboardWords(activity.dashboards);
	const lines = [
		`verdict: ${verdictSentence(verdict)}`,
		...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
		...(others === undefined ? [] : [`also looking: ${others}`]),
	];
	if (!recent) return lines;
	const rate = (count: number) => `${formatShortCount(perSecond(count, recent))}/s`;
	const listed = (counts: Readonly<Record<string, number>>) =>
		Object.entries(counts)
			.filter(([, count]) => count > 0)
			.map(([name, count]) => `${name} ${rate(count)}`)
			.join(', ');
	const {latency, families, errors, busiest} = recent;
	const lookups = recent.hits + recent.misses;
	const reads =
		lookups > 0 ? `hit ratio ${formatPercent(hitRatioOf(recent))} of ${rate(lookups)} lookups` : 'no lookups';
	const commands = recent.commands > 0 ? `${rate(recent.commands)} commands (${listed(families)})` : 'no commands';
	const quantiles = `p50 ${formatLatency(latency.p50)}, p99 ${formatLatency(latency.p99)}, average ${formatLatency(latency.mean)}`;
	return [
		...lines,
		`applications: ${reads}, ${commands}, ${formatCountOf(recent.clients, 'client')}`,
		`latency in the server: ${latency.mean === undefined ? 'no commands' : quantiles}; ping ${formatLatency(recent.pingMs)}`,
		`evicted ${rate(recent.evicted)}, expired ${rate(recent.expired)}, new connections ${rate(recent.connections)}, refused ${rate(recent.rejectedConnections)}, network ${formatBytes(perSecond(recent.bytesIn, recent))}/s in, ${formatBytes(perSecond(recent.bytesOut, recent))}/s out`,
		`errors: ${listed(errors) || 'none'}`,
		`busiest: ${busiest.map(({name, calls}) => `${name.replace('|', ' ').toUpperCase()} ${rate(calls)}`).join(', ') || 'no commands'}`,
		...nodes.map(
			({address, figures}) =>
				`node ${address}: hit ratio ${formatPercent(hitRatioOf(figures))}, ${formatShortCount(perSecond(figures.commands, figures))} commands/s, memory ${formatBytes(figures.usedMemory)}`,
		),
	];
}

/** Formats a snapshot for people. */
export function snapshotText(snapshot: EngineSnapshot): string {
	const {target, server, activity} = snapshot;
	const lines = [`${target.name} ${target.version ?? ''} (${target.kind}) at ${target.url}`.replace(/ {2,}/g, ' ')];
	if (server) {
		lines.push(
			`role ${server.role}, up ${formatElapsed(server.uptimeSeconds * 1000)}, ${formatCountOf(server.clients, 'client')}, ${formatCount(server.opsPerSecond)} commands/s, this program included`,
			`memory ${formatBytes(server.usedMemory)}${server.maxMemory > 0 ? ` of ${formatBytes(server.maxMemory)}` : ''}, ${formatCount(server.keys)} keys, ${formatCount(server.expiredKeys)} expired, ${formatCount(server.evictedKeys)} evicted`,
			`keyspace: ${formatCount(server.keyspaceHits)} hits, ${formatCount(server.keyspaceMisses)} misses`,
		);
	} else {
		lines.push(
			activity.refused.some(({command}) => command === 'INFO')
				? 'server: this user may not call INFO'
				: 'server: no answer to INFO',
		);
	}
	lines.push(...activityLines(snapshot));
	return `${[...lines, ...ttlLines(snapshot)].map(printable).join('\n')}\n`;
}
