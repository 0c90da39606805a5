import type {FaultProxy, ProxyLead, ProxyPort} from './types.js';

type Endpoint = {readonly host: string; readonly port: number};

/** Ports that are open before it is known which node they are for: a client asks for one and connects in the same turn. */
const spareCount = 12;

/** More nodes than a cluster has. Beyond it, the port that was asked for least lately makes room. */
const maxNodes = 1000;

/** A port, and where it leads once it is a node's. */
type NodePort = {readonly port: ProxyPort; readonly leading: {lead: ProxyLead | undefined}};

/**
 * A port of a proxy for each node of a cluster, or each server behind Sentinel, opened as addresses of nodes become known.
 * Faults that name the address of a node act on its port alone.
 */
export class NodePorts {
	readonly #proxy: FaultProxy;
	/** By the address of the node, as it announces it. */
	readonly #nodes = new Map<string, NodePort>();
	readonly #spare: NodePort[] = [];
	/** Spare ports that are being opened. */
	#opening = 0;

	/** Resolves when ports are open for the first nodes. Rejects if none can be opened. */
	static async open(proxy: FaultProxy): Promise<NodePorts> {
		const ports = new NodePorts(proxy);
		await Promise.all(Array.from({length: spareCount}, () => ports.#openSpare()));
		return ports;
	}

	private constructor(proxy: FaultProxy) {
		this.#proxy = proxy;
	}

	/**
	 * The endpoint that leads to a node through the proxy. When more nodes turn up in one turn than ports are open, it is the
	 * proxy's own, which resets connections: at the next attempt there is a port.
	 *
	 * @param address `10.0.0.7:6379`, `fe80::7:6379`.
	 */
	endpointOf(address: string): Endpoint {
		const node = this.#nodes.get(address) ?? this.#spare.shift();
		this.#replenish();
		if (node === undefined) return this.#proxy;
		node.leading.lead ??= {target: endpointAt(address), node: address};
		this.#nodes.delete(address);
		this.#nodes.set(address, node);
		this.#makeRoom();
		return node.port;
	}

	/** Replaces the addresses of ports in a text by those of the nodes behind them. */
	mask(text: string): string {
		if (!text.includes(this.#proxy.host)) return text;
		let masked = text;
		for (const [address, {port}] of this.#nodes) masked = masked.replaceAll(`${port.host}:${port.port}`, address);
		return masked;
	}

	#replenish(): void {
		for (let count = this.#spare.length + this.#opening; count < spareCount; count++) {
			// A machine without a free port refuses connections to the node, which are tried again.
			this.#openSpare().catch(() => {});
		}
	}

	async #openSpare(): Promise<void> {
		this.#opening++;
		try {
			const leading: NodePort['leading'] = {lead: undefined};
			this.#spare.push({port: await this.#proxy.openPort({lead: () => leading.lead}), leading});
		} finally {
			this.#opening--;
		}
	}

	#makeRoom(): void {
		if (this.#nodes.size <= maxNodes) return;
		for (const [address, {port}] of this.#nodes) {
			this.#nodes.delete(address);
			port.close();
			return;
		}
	}
}

function endpointAt(address: string): Endpoint {
	const colon = address.lastIndexOf(':');
	return {host: address.slice(0, colon), port: Number(address.slice(colon + 1))};
}
