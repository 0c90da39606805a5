import type {TapServers} from '../../../tap/seed-port.js';
import type {Inspection} from '../inspection.js';
import {givenAddressesOf, tlsByAddress} from '../server-address.js';
import type {Target} from '../target.js';

/**
 * The nodes of a cluster, or the Sentinels of a URL and the servers behind them, for an application that is given one address
 * in place of theirs. Undefined for a single server.
 *
 * @param inspection Knows the nodes of now. Default: those of the URL alone.
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
		const answering = (list?.nodes ?? []).filter(({role, address}) => role === 'master' && !missing.includes(address));
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
