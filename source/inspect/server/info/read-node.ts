import {ServerError} from '../../../pool/errors.js';
import {type Sender, textOf} from '../../sender.js';
import type {OwnCommands} from '../activity/own/own-commands.js';
import type {OwnTally} from '../activity/own/own-tally.js';
import {countersOf, type ServerCounters} from './counters.js';
import {type InfoSections, parseInfo} from './info-sections.js';
import type {Refusals} from './refusals.js';

/** One server, or one master of a cluster. */
export type ServerNode = {
	/** `10.0.0.7:6379`; undefined for a single server. */
	readonly address: string | undefined;
	readonly sender: Sender;
	/** Everything that this program sends to it. */
	readonly own: OwnTally;
};

/** A master of a cluster that does not answer. */
export type MissingNode = {
	readonly address: string;
	/** `connection refused` */
	readonly reason: string;
	/** Milliseconds since its last answer, or the first question. */
	readonly silentMs: number;
	/** True if it cannot be connected to. Otherwise it may only be slow. */
	readonly isUnreachable: boolean;
};

/** The answers of a server about itself at one time. */
export type NodeReading = {
	readonly address: string | undefined;
	/** The text of INFO. */
	readonly text: string;
	readonly info: InfoSections;
	readonly counters: ServerCounters;
	readonly pingMs: number | undefined;
	/** Commands of this program up to now, since the reading before. */
	readonly own: OwnCommands;
};

/**
 * Reads everything that a server counts: `INFO ALL` and `LATENCY HISTOGRAM`. Measured on Redis 7.0.15: about 0.1 ms and
 * 0.01 ms for each command in use; neither touches a key.
 *
 * @returns Undefined if this user may not call INFO.
 */
export async function readNode(
	{address, sender, own}: ServerNode,
	refusals: Refusals,
): Promise<NodeReading | undefined> {
	const sentAt = performance.now();
	const pingMs = await refusals.ask('PING', async () => {
		try {
			await sender.send('PING', []);
		} catch (error) {
			// A server that loads its data refuses PING and answers INFO; the refusal counts as an answer.
			if (!(error instanceof ServerError) || error.kind !== 'unavailable') throw error;
		}
		return performance.now() - sentAt;
	});
	const isNode = address !== undefined;
	const [histogram, cluster, info] = await Promise.all([
		refusals.ask('LATENCY HISTOGRAM', () => sender.send('LATENCY', ['HISTOGRAM'])),
		isNode ? refusals.ask('CLUSTER INFO', () => sender.send('CLUSTER', ['INFO'])) : undefined,
		refusals.ask('INFO', () => sender.send('INFO', ['ALL'])),
	]);
	if (info === undefined) return undefined;
	// Its section on the cluster says no more than that it is a node of one.
	const text =
		cluster === undefined ? textOf(info) : `${textOf(info)}\r\n# Cluster\r\ncluster_enabled:1\r\n${textOf(cluster)}`;
	const parsed = parseInfo(text);
	const counters = countersOf(parsed, Date.now(), histogram);
	return {address, text, info: parsed, counters, pingMs, own: own.take()};
}
