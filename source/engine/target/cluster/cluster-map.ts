import {createHash} from 'node:crypto';
import {listOf, numberOf, textOf} from '../../../inspect/sender.js';

type SlotRange = {readonly from: number; readonly to: number; readonly master: string};

/** Which master of a cluster has which slots. Masters are told by their address: `10.0.0.7:6379`. */
export class ClusterMap {
	/** In the order in which they are scanned. */
	readonly masters: readonly string[];
	readonly #ranges: readonly SlotRange[];
	#signature: string | undefined;

	constructor(ranges: readonly SlotRange[]) {
		this.#ranges = ranges;
		this.masters = [...new Set(ranges.map(({master}) => master))].sort();
	}

	/** The same for all maps with the same masters and slots. */
	get signature(): string {
		const lines = () => this.#ranges.map(({from, to, master}) => `${from}-${to} ${master}`).sort();
		this.#signature ??= createHash('sha1').update(lines().join('\n')).digest('hex').slice(0, 8);
		return this.#signature;
	}

	/** Undefined for a slot that no master has. */
	ownerOf(slot: number): string | undefined {
		return this.#ranges.find(({from, to}) => from <= slot && slot <= to)?.master;
	}
}

/**
 * Parses the reply to CLUSTER SLOTS.
 *
 * @param asked Address of the node that has replied: a node that does not know its own host leaves it out.
 */
export function parseClusterSlots(reply: unknown, asked: string): ClusterMap {
	const askedHost = asked.slice(0, asked.lastIndexOf(':'));
	return new ClusterMap(
		listOf(reply).map((range) => {
			const [from, to, master] = listOf(range);
			const [host, port] = listOf(master);
			const name = textOf(host);
			return {
				from: numberOf(from) ?? 0,
				to: numberOf(to) ?? -1,
				master: `${name === '' || name === '?' ? askedHost : name}:${textOf(port)}`,
			};
		}),
	);
}
