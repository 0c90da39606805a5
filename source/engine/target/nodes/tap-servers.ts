import type {TapServers} from '../../../tap/seed-port.js';
import type {Inspection} from '../inspection.js';
import {givenAddressesOf, tlsByAddress} from '../server-address.js';
import type {Target} from '../target.js';

/**
 * The nodes of a cluster, or the Sentinels of a URL and the servers behind them, for an application that gets one address
 * instead of theirs. Undefined for a single server.
 *
 * @param inspection Knows the current nodes. Default: only the nodes of the URL are used.
 */
export async function tapServersOf(
	{parts, tls}: Pick<Target, 'parts' | 'tls'>,
	inspection?: Pick<Inspection, 'list' | 'sender'>,
): Promise<TapServers | undefined> {
	if (parts?.type !== 'cluster' && parts?.type !== 'sentinel') return undefined;
	const given = givenAddressesOf(parts);
	const list = inspection?.list;
	await list?.refresh();
	const masters = (): readonly string[] => {
		const missing = inspection?.sender.missingNodes ?? [];
		const answering = (list?.nodes ?? []).filter(
			// A lost node stays a master, without slots, after another one has taken its place.
			({role, slots, isLost, address}) => role === 'master' && slots !== 0 && !isLost && !missing.includes(address),
		);
		return answering.map(({address}) => address);
	};
	return {
		known: [...(list?.nodes ?? []).map(({address}) => address), ...(parts.type === 'sentinel' ? given : [])],
		seeds() {
			const seeds = parts.type === 'cluster' ? masters() : [];
			return seeds.length > 0 ? seeds : given;
		},
		tls: tlsByAddress(parts, tls),
	};
}
