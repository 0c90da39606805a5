import {ask} from '../../../source/embedded/topology/ask.js';
import type {PrivateTopology} from '../../../source/embedded/topology/private-topology.js';
import {startPrivateTopology} from '../../../source/embedded/topology/start-private-topology.js';
import type {TopologyKind} from '../../../source/embedded/topology/topology-kind.js';
import {type FaultProxy, startFaultProxy} from '../../../source/proxy/fault-proxy.js';
import {NodePorts} from '../../../source/proxy/node-ports.js';
import type {Endpoint} from '../../../source/proxy/types.js';

const anAddress = /127\.0\.0\.1:\d+/g;

/** Servers connect to each other, too: Sentinels to all, and the source of a key that moves to its destination. */
const ofServers = /\bname=sentinel-|\bcmd=restore|\bflags=[SM]/;

/** A private cluster, or servers behind Sentinels, with a proxy whose ports name themselves in replies. */
export type ProxiedTopology = {
	readonly topology: PrivateTopology;
	readonly proxy: FaultProxy;
	/** The only address that clients get: a port of the first node, or of the first Sentinel. */
	readonly seed: Endpoint;
	readonly password: string;
	/** Addresses of the nodes of the cluster, or of the Sentinels. */
	readonly addresses: readonly string[];
	/** The port of the proxy for a server. */
	portOf(address: string): number;
	/** Sends a command to a server itself. */
	ask(address: string, ...command: [string, ...string[]]): Promise<unknown>;
	/** The server of each connection that a client has opened, in order. */
	readonly reached: readonly string[];
	/** Everything that clients have been sent. */
	sent(): string;
	/** Connections of clients, as all servers count them. */
	connections(): Promise<number>;
	close(): Promise<void>;
};

export async function startProxiedTopology(kind: TopologyKind): Promise<ProxiedTopology> {
	const topology = await startPrivateTopology(kind);
	const [, password = ''] = /:([^:@]+)@/.exec(topology.topologyUrl) ?? [];
	const addresses = topology.topologyUrl.match(anAddress) ?? [];
	const proxy = await startFaultProxy({});
	const reached: string[] = [];
	let sent = '';
	const ports = await NodePorts.open(proxy, {
		rewrite: true,
		observe(_client, node) {
			reached.push(node);
			return {
				request() {},
				reply(bytes) {
					sent += bytes.toString('latin1');
				},
				closed() {},
			};
		},
	});
	const askAt = (address: string, ...command: [string, ...string[]]) =>
		ask({url: `redis://default:${password}@${address}`}, ...command);
	const dataNodes = kind === 'cluster' ? [] : await replicatedNodes(topology);
	return {
		topology,
		proxy,
		seed: ports.endpointOf(addresses[0] ?? ''),
		password,
		addresses,
		portOf: (address) => ports.endpointOf(address).port,
		ask: askAt,
		reached,
		sent: () => sent,
		async connections() {
			let total = 0;
			for (const address of [...addresses, ...dataNodes]) {
				const lines = String(await askAt(address, 'CLIENT', 'LIST'))
					.trim()
					.split('\n');
				// One of them is that which asks.
				total += lines.filter((line) => !ofServers.test(line)).length - 1;
			}
			return total;
		},
		async close() {
			await proxy.close();
			await topology.close();
		},
	};
}

/** Addresses of a master and of its replica. */
async function replicatedNodes(topology: PrivateTopology): Promise<readonly string[]> {
	const info = String(await ask(topology, 'INFO', 'replication'));
	const [, host, port] = /^slave0:ip=([^,]*),port=(\d+)/m.exec(info) ?? [];
	return [`${topology.host}:${topology.port}`, `${host}:${port}`];
}
