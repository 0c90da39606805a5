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
	/** TLS options for the proxy's connections to the server at an address. Undefined: without TLS. */
	readonly tls?: ((address: string) => ConnectionOptions) | undefined;
};

type SeedPortOptions = Pick<ProxyPortOptions, 'answerFirst'> & {
	readonly servers: TapServers;
	/** Default: a free port on loopback. */
	readonly listen?: Endpoint | undefined;
	/** Called for each connection of a client, with the addresses of the client and of the server. */
	readonly observe?: ((client: string, node: string) => LinkObserver) | undefined;
};

/** A port that represents several servers. */
export type SeedPort = {
	readonly host: string;
	readonly port: number;
	/** Number of connections that clients have opened on this port so far. */
	accepted(): number;
};

/**
 * Opens a port that looks to clients like one node of a cluster, or like one Sentinel, and further ports with the numbers after
 * it, one for each server that is announced to clients. All of them close with the proxy.
 *
 * Connections are distributed to the servers in turn, those with a fault last: a client with several seeds would try the next
 * one, but here it knows only this port.
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
		// The proxy calls `observe` right after `lead`, for the same connection.
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
