import {ServerError} from '../../../pool/errors.js';
import {type Sender, textOf} from '../../sender.js';
import {countersOf, type ServerCounters} from './counters.js';
import {type InfoSections, parseInfo} from './info-sections.js';
import type {Refusals} from './refusals.js';

/** One server, or one master of a cluster. */
export type ServerNode = {
	/** `10.0.0.7:6379`; undefined for a single server. */
	readonly address: string | undefined;
	readonly sender: Sender;
};

/** The answers of a server about itself at one time. */
export type NodeReading = {
	readonly address: string | undefined;
	/** The text of INFO. */
	readonly text: string;
	readonly info: InfoSections;
	readonly counters: ServerCounters;
	readonly pingMs: number | undefined;
};

/**
 * Reads everything that a server counts: `INFO ALL` and `LATENCY HISTOGRAM`. Measured on Redis 7.0.15: about 0.1 ms and
 * 0.01 ms for each command in use; neither touches a key.
 *
 * @returns Undefined if this user may not call INFO.
 */
export async function readNode({address, sender}: ServerNode, refusals: Refusals): Promise<NodeReading | undefined> {
	const sentAt = performance.now();
	const pingMs = await refusals.ask('PING', async () => {
		try {
			await sender.send('PING', []);
		} catch (error) {
			// A server that loads its data refuses PING and answers INFO: a refusal is an answer in time as well.
			if (!(error instanceof ServerError) || error.kind !== 'unavailable') throw error;
		}
		return performance.now() - sentAt;
	});
	const [histogram, info] = await Promise.all([
		refusals.ask('LATENCY HISTOGRAM', () => sender.send('LATENCY', ['HISTOGRAM'])),
		refusals.ask('INFO', () => sender.send('INFO', ['ALL'])),
	]);
	if (info === undefined) return undefined;
	const text = textOf(info);
	const parsed = parseInfo(text);
	return {address, text, info: parsed, counters: countersOf(parsed, Date.now(), histogram), pingMs};
}
