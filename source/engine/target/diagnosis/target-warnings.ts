import type {Sender} from '../../../inspect/sender.js';
import type {ServerSnapshot} from '../../../inspect/server/info/server-info.js';
import {formatDuration} from '../../../text/duration.js';
import {monotonicNow} from '../../../time/real-time.js';
import type {TargetWarning} from '../../target-snapshot.js';
import type {Target} from '../target.js';

const pings = 3;

/** Deadlines to suggest, in words and milliseconds. A call of the cache may need two round trips. */
const proposals = [
	['500ms', 500],
	['1s', 1000],
	['2s', 2000],
	['5s', 5000],
	['10s', 10_000],
] as const;

/**
 * Milliseconds that a round trip takes: the shortest of up to three, since one may have waited for a busy server or
 * machine. One is enough where it took less than half of the deadline.
 */
async function measureDistance(sender: Sender, deadlineMs: number): Promise<number> {
	let shortest = Number.POSITIVE_INFINITY;
	for (let ping = 0; ping < pings && shortest > deadlineMs / 2; ping++) {
		const startedAt = monotonicNow();
		// A refusal is an answer as well.
		await sender.send('PING', []).catch(() => undefined);
		shortest = Math.min(shortest, monotonicNow() - startedAt);
	}
	return shortest;
}

/** True if a server says that it is a node of a cluster. */
function isClusterNode(server: ServerSnapshot | undefined): boolean {
	return server?.info.server?.redis_mode === 'cluster' || server?.info.cluster?.cluster_enabled === '1';
}

/** The properties of a new target that readers of its statistics must know. */
export async function warningsOf(
	{deadlineMs, parts, isInsecure, shownUrl}: Target,
	sender: Sender,
	server: ServerSnapshot | undefined,
): Promise<readonly TargetWarning[]> {
	const warnings: TargetWarning[] = [];
	const distanceMs = await measureDistance(sender, deadlineMs);
	if (distanceMs >= deadlineMs) {
		const [words = 'more'] = proposals.find(([, ms]) => ms >= 3 * distanceMs) ?? [];
		const text = `use --deadline ${words}: ${shownUrl} is ${Math.round(distanceMs)} ms away, too slow for a ${formatDuration(deadlineMs)} deadline`;
		warnings.push({id: 'too-slow', text});
	}
	if (parts?.type !== 'cluster' && isClusterNode(server)) {
		const text = `${shownUrl} is one node of a cluster, and has only part of the keys: use ${clusterUrl(shownUrl)} for the whole cluster`;
		warnings.push({id: 'cluster-node', text});
	}
	if (isInsecure) {
		const text = `the certificate of ${shownUrl} is not checked (--insecure): another server could impersonate it and get the password`;
		warnings.push({id: 'insecure', text});
	}
	return warnings;
}

/** The URL of the whole cluster, from that of one node. A cluster has no databases, and needs no tunnel to one node. */
function clusterUrl(shownUrl: string): string {
	return shownUrl.replace(/^.*?\b(rediss?):\/\/([^/?]*).*$/, '$1+cluster://$2');
}
