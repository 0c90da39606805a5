import {describeNode} from '../../../faults/catalogue.js';
import {FaultRefusedError} from '../../../faults/fault-errors.js';
import type {NodeReading} from '../../../inspect/server/info/read-node.js';
import type {TopologyNode} from '../../target-snapshot.js';
import {lagsOf} from './replica-lag.js';

/** A node of a cluster, or a server behind Sentinel, before it has a number. */
export type FoundNode = Omit<TopologyNode, 'number' | 'lagBytes'>;

/** More nodes than a cluster has. Beyond this, the numbers of removed nodes are reused. */
const maxNumbers = 1000;

/**
 * The nodes of a cluster, or the servers behind Sentinel. Each keeps its number while this program runs, so that `node 2` is
 * the same server after a failover. Masters come first when they are first seen.
 */
export class NodeList {
	readonly #find: () => Promise<readonly FoundNode[]>;
	readonly #numbers = new Map<string, number>();
	#found: readonly FoundNode[] = [];
	/** By the address of the replica: bytes that its master has written and it does not have. */
	#lags: ReadonlyMap<string, number> = new Map();
	#nodes: readonly TopologyNode[] = [];

	constructor(find: () => Promise<readonly FoundNode[]>) {
		this.#find = find;
	}

	/** By number. The same array until something changes. */
	get nodes(): readonly TopologyNode[] {
		return this.#nodes;
	}

	/** Updates the list. It is unchanged if the current nodes cannot be read. */
	async refresh(readings?: readonly NodeReading[]): Promise<void> {
		if (readings) this.#lags = lagsOf(readings);
		this.#found = await this.#find().catch(() => this.#found);
		this.#number();
		this.#nodes = this.#found
			.map((node) => ({...node, number: this.#numbers.get(node.address) ?? 0, lagBytes: this.#lags.get(node.address)}))
			.sort((left, right) => left.number - right.number);
	}

	/**
	 * The address of the node that a fault names.
	 *
	 * @throws {FaultRefusedError} There is none.
	 */
	async addressOf(word: string): Promise<string> {
		await this.refresh();
		const node = this.#nodeOf(word);
		if (node !== undefined) return node.address;
		const known = this.#nodes.map(({number, address}) => `${number} (${address})`).join(', ');
		throw new FaultRefusedError(
			`there is no ${word === 'replica' || word === 'master' ? word : describeNode(word)}; ${known === '' ? 'no node is known yet' : `there are the nodes ${known}`}`,
		);
	}

	/** The number of the node with this address. Undefined if it was never found. */
	numberOf(address: string): number | undefined {
		return this.#numbers.get(address);
	}

	#nodeOf(word: string): TopologyNode | undefined {
		// A lost node of a cluster stays a master without slots after another one has taken its place.
		const master = this.#nodes.find(({role, slots}) => role === 'master' && slots !== 0);
		const replicas = this.#nodes.filter((node) => node.master !== undefined && node.master === master?.address);
		switch (word) {
			case 'master':
				return master;
			case 'replica':
				return replicas.find(({isLost}) => !isLost) ?? replicas[0];
			default:
				return this.#nodes.find(({number, address}) => String(number) === word || address === word);
		}
	}

	#number(): void {
		const fresh = this.#found.filter(({address}) => !this.#numbers.has(address));
		if (this.#numbers.size + fresh.length > maxNumbers) {
			const present = new Set(this.#found.map(({address}) => address));
			for (const address of this.#numbers.keys()) if (!present.has(address)) this.#numbers.delete(address);
		}
		const rankOf = ({role}: FoundNode) => (role === 'master' ? 0 : 1);
		fresh.sort((left, right) => rankOf(left) - rankOf(right) || (left.address < right.address ? -1 : 1));
		const taken = new Set(this.#numbers.values());
		let number = 1;
		for (const {address} of fresh) {
			while (taken.has(number)) number++;
			taken.add(number);
			this.#numbers.set(address, number);
		}
	}
}
