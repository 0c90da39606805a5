import type {ConnectionOptions} from 'node:tls';
import {endpointAt} from './address.js';
import type {Endpoint, FaultProxy, LinkObserver, ProxyLead, ProxyPort, ProxyPortOptions} from './types.js';

/**
 * Ports that are opened in advance, before their nodes are known: an address must be replaced immediately when a reply names
 * it.
 */
const spareCount = 12;

/** Most addresses, more than the nodes of a usual cluster. Beyond it, the least recently used one is dropped. */
const maxAddresses = 1000;

const highestPort = 65_535;

export type NodePortsOptions = Pick<ProxyPortOptions, 'answerFirst'> & {
	/** Called for each connection of a client, with its address and that of the node that it leads to. */
	readonly observe?: ((client: string, node: string) => LinkObserver) | undefined;
	/** True to replace addresses of nodes by these ports in replies to their clients. Default false. */
	readonly rewrite?: boolean;
	/**
	 * The ports are those after this one, in the order in which nodes appear. A port in use is replaced by any free port
	 * of the host. Default: free ports on loopback.
	 */
	readonly listen?: Endpoint | undefined;
	/** Returns the TLS options for the proxy's connections to the node at an address. Default: without TLS. */
	readonly tls?: ((node: string) => ConnectionOptions | undefined) | undefined;
};

/** A port, and its node once it has one. Ports are assigned to nodes in the order of their numbers. */
type NodePort = {readonly number: number; readonly port: ProxyPort; readonly leading: {lead: ProxyLead | undefined}};

/**
 * A port of a proxy for each node of a cluster, or each server behind Sentinel, opened as addresses of nodes become known.
 * Faults that name the address of a node act on its port alone.
 */
export class NodePorts {
	readonly #proxy: FaultProxy;
	readonly #options: NodePortsOptions;
	/** By announced address of the node: its IP address, and possibly a second one with its host name. */
	readonly #nodes = new Map<string, NodePort>();
	readonly #spare: NodePort[] = [];
	/** Spare ports that are being opened. */
	#opening = 0;
	/** Number of ports that were opened so far, or attempted. */
	#count = 0;

	/** Resolves when ports are open for the first nodes. Rejects if none can be opened. */
	static async open(proxy: FaultProxy, options: NodePortsOptions = {}): Promise<NodePorts> {
		const ports = new NodePorts(proxy, options);
		await Promise.all(Array.from({length: spareCount}, () => ports.#openSpare()));
		return ports;
	}

	private constructor(proxy: FaultProxy, options: NodePortsOptions) {
		this.#proxy = proxy;
		this.#options = options;
	}

	/** Opens a port for each of these nodes, in their order, unless it has one. Rejects if one cannot be opened. */
	async reserve(addresses: readonly string[]): Promise<void> {
		for (const address of addresses) {
			while (!this.#nodes.has(address) && this.#spare.length === 0) await this.#openSpare();
			this.endpointOf(address);
		}
	}

	/**
	 * The endpoint that leads to a node through the proxy. If more nodes appear in one turn than spare ports are open, it is
	 * the proxy's own port, which resets connections, so that the client tries again, when a port is open.
	 *
	 * @param address `10.0.0.7:6379`, `fe80::7:6379`.
	 * @param byIp The address of the same node with its IP address, if `address` has its host name.
	 */
	endpointOf(address: string, byIp = address): Endpoint {
		const node = this.#nodes.get(address) ?? this.#nodes.get(byIp) ?? this.#spare.shift();
		this.#replenish();
		if (node === undefined) return this.#proxy;
		node.leading.lead ??= this.leadTo(address);
		if (!this.#nodes.has(byIp)) this.#nodes.set(byIp, node);
		this.#nodes.delete(address);
		this.#nodes.set(address, node);
		this.#makeRoom();
		return node.port;
	}

	/** Replaces the addresses of ports in a text by those of the nodes behind them. */
	mask(text: string): string {
		if (!text.includes(this.#proxy.host)) return text;
		let masked = text;
		for (const [address, {port, leading}] of this.#nodes)
			masked = masked.replaceAll(`${port.host}:${port.port}`, leading.lead?.node ?? address);
		return masked;
	}

	#replenish(): void {
		for (let count = this.#spare.length + this.#opening; count < spareCount; count++) {
			// Ignored: if the machine has no free port, connections to the node are refused, and clients try again.
			this.#openSpare().catch(() => {});
		}
	}

	async #openSpare(): Promise<void> {
		const number = ++this.#count;
		this.#opening++;
		try {
			const leading: NodePort['leading'] = {lead: undefined};
			this.#spare.push({number, port: await this.#openPort(number, leading), leading});
			this.#spare.sort((left, right) => left.number - right.number);
		} finally {
			this.#opening--;
		}
	}

	async #openPort(number: number, leading: NodePort['leading']): Promise<ProxyPort> {
		const {observe, rewrite, listen, answerFirst} = this.#options;
		const options = {
			lead: () => leading.lead,
			...(answerFirst && {answerFirst}),
			...(observe && {observe: (client: string) => observe(client, leading.lead?.node ?? '')}),
			...(rewrite && {rewrite: (address: string, byIp?: string) => this.endpointOf(address, byIp)}),
		};
		if (listen === undefined) return this.#proxy.openPort(options);
		const {host} = listen;
		const anyPort = {...options, listen: {host, port: 0}};
		const port = listen.port + number;
		if (port > highestPort) return this.#proxy.openPort(anyPort);
		return this.#proxy.openPort({...options, listen: {host, port}}).catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE') return this.#proxy.openPort(anyPort);
			throw error;
		});
	}

	/** The target of a connection to a node. */
	leadTo(address: string): ProxyLead {
		const tls = this.#options.tls?.(address);
		return {target: {...endpointAt(address), ...(tls && {tls})}, node: address};
	}

	#makeRoom(): void {
		if (this.#nodes.size <= maxAddresses) return;
		for (const [address, node] of this.#nodes) {
			this.#nodes.delete(address);
			const isNamed = [...this.#nodes.values()].includes(node);
			if (!isNamed) node.port.close();
			return;
		}
	}
}
