import type {ConnectionOptions} from 'node:tls';
import {NodePorts} from '../proxy/node-ports.js';
import type {Endpoint, FaultProxy, LinkObserver, ProxyLead, ProxyPortOptions} from '../proxy/types.js';

/**
 * Servers that report each other's addresses to clients: the nodes of a cluster, or Sentinels and the servers that they
 * know.
 */
export type TapServers = {
	/** Addresses of servers for a client's first connection, `10.0.0.7:6379`. Read at each connection. Not empty. */
	readonly seeds: () => readonly string[];
	/** The servers that are known already, in the order of their ports. */
	readonly known: readonly string[];
	/** Options with which the proxy speaks TLS to the server at an address. Undefined: it speaks none. */
	readonly tls?: ((address: string) => ConnectionOptions) | undefined;
};

type SeedPortOptions = Pick<ProxyPortOptions, 'answerFirst'> & {
	readonly servers: TapServers;
	/** Default: a free port on loopback. */
	readonly listen?: Endpoint | undefined;
	/** Called for each connection of a client, with its address and that of the server that it leads to. */
	readonly observe?: ((client: string, node: string) => LinkObserver) | undefined;
};

/** A port that stands for several servers. */
export type SeedPort = {
	readonly host: string;
	readonly port: number;
	/** Number of connections that clients have opened on it so far. One that uses any of the servers has opened one. */
	accepted(): number;
};

/**
 * Opens a port that clients take for one node of a cluster, or for one Sentinel, and further ones, from the next number on, for
 * every server that they are told of. All of them close with the proxy.
 *
 * The servers take turns in answering, those that a fault names last: a client that knows several seeds goes on to the next
 * one, and here it knows only this.
 */
export async function openSeedPort(proxy: FaultProxy, options: SeedPortOptions): Promise<SeedPort> {
	const {servers, listen, observe, answerFirst} = options;
	let ports: NodePorts | undefined;
	let turn = 0;
	let leadsTo = '';
	const lead = (): ProxyLead | undefined => {
		const all = servers.seeds();
		const broken = new Set(proxy.active().map(({fault}) => fault.node));
		const sound = all.filter((address) => !broken.has(address));
		const seeds = sound.length > 0 ? sound : all;
		turn++;
		leadsTo = seeds[turn % seeds.length] ?? '';
		return ports?.leadTo(leadsTo);
	};
	const port = await proxy.openPort({
		...(listen && {listen}),
		...(answerFirst && {answerFirst}),
		lead,
		// The proxy calls this right after `lead`, for the same connection.
		...(observe && {observe: (client: string) => observe(client, leadsTo)}),
		rewrite: (address, byIp) => ports?.endpointOf(address, byIp) ?? port,
	});
	const {host, port: number} = port;
	ports = await NodePorts.open(proxy, {
		rewrite: true,
		listen: {host, port: number},
		observe,
		...(answerFirst && {answerFirst}),
		tls: servers.tls,
	});
	await ports.reserve(servers.known);
	return port;
}
