import {ServerError, TopologyError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';

/**
 * Asks the server of a lane for its mode (`HELLO`): used as a standalone server, a node of a cluster would refuse most
 * commands, and a sentinel all of them.
 *
 * @throws {TopologyError} the URL is that of a standalone server, but leads to a node of a cluster or to a sentinel.
 */
export async function checkTopology(lane: Lane, {topology, url}: Pick<Pool, 'topology' | 'url'>): Promise<void> {
	if (topology === 'cluster') return;
	const mode = await modeOf(lane);
	const [scheme = '', place = ''] = url.split('://');
	const address = place.split(/[/?]/)[0];
	const tls = scheme.startsWith('rediss') ? 'rediss' : 'redis';
	if (mode === 'cluster')
		throw new TopologyError(`${url} leads to a node of a cluster: use ${tls}+cluster://${address}`);
	if (mode === 'sentinel')
		throw new TopologyError(`${url} leads to a sentinel: use ${tls}+sentinel://${address}/NAME-OF-THE-MASTER`);
}

/** `standalone`, `cluster` or `sentinel`; `undefined` if the server does not say. */
async function modeOf(lane: Lane): Promise<string | undefined> {
	let reply: unknown;
	try {
		reply = await lane.send('HELLO', [], {isUpkeep: true});
	} catch (error) {
		// Redis before 6, or a proxy that does not know the command.
		if (error instanceof ServerError && error.kind !== 'unavailable') return undefined;
		throw error;
	}
	if (!Array.isArray(reply)) return undefined;
	const at = reply.findIndex((word, index) => index % 2 === 0 && String(word) === 'mode');
	return at < 0 ? undefined : String(reply[at + 1]);
}
