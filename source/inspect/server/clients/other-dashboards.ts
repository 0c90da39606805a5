import {formatCountOf} from '../../../text/number.js';
import {type Sender, textOf} from '../../sender.js';
import {Refusals} from '../info/refusals.js';
import {parseAllClients} from './client-list.js';
import {isInspector, otherDashboardOf} from './own-clients.js';

/** Another dashboard on the same server. */
export type OtherDashboard = {
	/** Id of the dashboard. Empty for an earlier version of this program. */
	readonly id: string;
	/** Address of one of its connections, preferably of that by which it inspects the server: `10.0.0.7:53122`. */
	readonly address: string;
	readonly connections: number;
};

/** The other dashboards in a reply to CLIENT LIST. */
export function otherDashboardsIn(text: string): readonly OtherDashboard[] {
	const found = new Map<string, OtherDashboard>();
	for (const {name, address} of parseAllClients(text)) {
		const id = otherDashboardOf(name);
		if (id === undefined) continue;
		const known = found.get(id);
		const shown = known === undefined || isInspector(name) ? address : known.address;
		found.set(id, {id, address: shown, connections: (known?.connections ?? 0) + 1});
	}
	return [...found.values()];
}

/** Merges the lists of several nodes of a cluster, and adds up the connections of each dashboard. */
export function joinDashboards(nodes: readonly (readonly OtherDashboard[])[]): readonly OtherDashboard[] {
	const joined = new Map<string, OtherDashboard>();
	for (const each of nodes.flat()) {
		const known = joined.get(each.id);
		joined.set(each.id, known ? {...known, connections: known.connections + each.connections} : each);
	}
	return [...joined.values()];
}

/** Maximum number of dashboards that are named. */
const namedLimit = 3;

/**
 * A sentence about other dashboards on the server: their scans and lookups cannot be separated from those of applications,
 * since a server keeps no figures by client. Undefined if there are none.
 */
export function dashboardWords(dashboards: readonly OtherDashboard[]): string | undefined {
	if (dashboards.length === 0) return undefined;
	const named = dashboards.slice(0, namedLimit).map(({address}) => address);
	const more = dashboards.length > named.length ? ' and elsewhere' : '';
	const who =
		dashboards.length === 1
			? `another dashboard at ${named[0]}: its`
			: `${formatCountOf(dashboards.length, 'other dashboard')} at ${named.join(', ')}${more}: their`;
	return `${who} scans, lookups and errors count as those of applications`;
}

/** Milliseconds between two checks of a server with few clients. */
const everyMs = 10_000;

/** Further milliseconds per client: CLIENT LIST takes about 2 µs for each, so that it takes at most a 5000th of the time. */
const everyMsForClient = 10;

/** Maximum number of clients for CLIENT LIST: with more of them, the command would delay others. */
const mostClients = 2000;

/** Checks from time to time for other dashboards on one server. */
export class DashboardWatch {
	// Separate from the refusals that are reported: without CLIENT LIST, no figures are missing.
	readonly #refusals = new Refusals();
	#found: readonly OtherDashboard[] = [];
	#nextAt = 0;

	/** @param clients Number of connections to the server. */
	async check(sender: Sender, clients: number): Promise<readonly OtherDashboard[]> {
		const now = performance.now();
		if (clients > mostClients) this.#found = [];
		else if (now >= this.#nextAt) {
			this.#nextAt = now + Math.max(everyMs, clients * everyMsForClient);
			const list = await this.#refusals.ask('CLIENT LIST', () => sender.send('CLIENT', ['LIST']));
			this.#found = list === undefined ? [] : otherDashboardsIn(textOf(list));
		}
		return this.#found;
	}
}
