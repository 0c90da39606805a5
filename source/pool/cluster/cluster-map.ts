import {createHash} from 'node:crypto';

/** Number of slots of every cluster. */
export const slotCount = 16_384;

type SlotRange = {
	readonly from: number;
	readonly to: number;
	readonly master: string;
	readonly replicas: readonly string[];
};

/** Slots of each master of a cluster. A server is identified by its address: `10.0.0.7:6379`. */
export class ClusterMap {
	/** In the order in which they are scanned. */
	readonly masters: readonly string[];
	/** Masters without replicas have no entry. */
	readonly replicasOf: ReadonlyMap<string, readonly string[]>;
	readonly #owners = new Array<string | undefined>(slotCount);
	#signature: string | undefined;

	constructor(ranges: readonly SlotRange[]) {
		const replicasOf = new Map<string, readonly string[]>();
		for (const {from, to, master, replicas} of ranges) {
			this.#owners.fill(master, from, to + 1);
			if (replicas.length > 0) replicasOf.set(master, replicas);
		}
		this.masters = [...new Set(ranges.map(({master}) => master))].sort();
		this.replicasOf = replicasOf;
	}

	/** Equal for all maps with the same masters and slots. */
	get signature(): string {
		this.#signature ??= createHash('sha1').update(this.#owners.join('\n')).digest('hex').slice(0, 8);
		return this.#signature;
	}

	/** Undefined if no master has the slot. */
	ownerOf(slot: number): string | undefined {
		return this.#owners[slot];
	}

	/** True if each slot has a master. */
	get isWhole(): boolean {
		// `every` would skip the holes of a sparse array.
		return !this.#owners.includes(undefined);
	}

	/** Number of slots that a master has. */
	slotsOf(master: string): number {
		let count = 0;
		for (const owner of this.#owners) if (owner === master) count++;
		return count;
	}
}

/**
 * Parses the reply to CLUSTER SLOTS.
 *
 * @param asked Address of the node that has replied: a node that does not know its own host leaves it out.
 */
export function parseClusterSlots(reply: unknown, asked: string): ClusterMap {
	const askedHost = hostOf(asked);
	const addressOf = (server: unknown): string => {
		const [host, port] = listOf(server).map(textOf);
		return `${host === undefined || host === '' || host === '?' ? askedHost : host}:${port}`;
	};
	return new ClusterMap(
		listOf(reply).map((range) => {
			const [from, to, master, ...replicas] = listOf(range);
			return {
				from: Number(textOf(from)),
				to: Number(textOf(to)),
				master: addressOf(master),
				replicas: replicas.map(addressOf),
			};
		}),
	);
}

/** The host in `10.0.0.7:6379`, or `fe80::7` in `fe80::7:6379`. */
export function hostOf(address: string): string {
	return address.slice(0, address.lastIndexOf(':'));
}

export function portOf(address: string): number {
	return Number(address.slice(address.lastIndexOf(':') + 1));
}

function listOf(reply: unknown): readonly unknown[] {
	return Array.isArray(reply) ? reply : [];
}

function textOf(reply: unknown): string {
	return reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : String(reply ?? '');
}
