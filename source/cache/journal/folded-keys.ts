import {clusterSlot} from '../../pool/cluster-slot.js';
import {type DirtyChange, latestOf} from './dirty-change.js';

/** Dirty keys of one slot. */
type FoldedSlot = {
	/** One of them: it stands for all, since a slot is on one node. */
	readonly redisKey: string;
	/** The latest of their times. */
	readonly change: DirtyChange;
};

type FoldedNamespace = {
	readonly slots: Map<number, FoldedSlot>;
	/** Not earlier than the times of all slots. */
	latest: DirtyChange;
};

/**
 * Dirty keys of cluster nodes that are out of use, once there are too many to be noted one by one: of each namespace, only their
 * slots are kept. One invalidation of the namespace reconciles them, and that is made when their node is back: until then the
 * keys of the other nodes are not concerned.
 */
export class FoldedKeys {
	/** By the key of the namespace's generation. */
	readonly #namespaces = new Map<string, FoldedNamespace>();

	/** Number of namespaces. */
	get size(): number {
		return this.#namespaces.size;
	}

	/** The latest time of the namespace's keys; undefined if none are folded. */
	latest(generationKey: string): DirtyChange | undefined {
		return this.#namespaces.get(generationKey)?.latest;
	}

	/** True if the key may be one of them. */
	includes(generationKey: string, redisKey: string): boolean {
		return this.size > 0 && this.#namespaces.get(generationKey)?.slots.has(clusterSlot(redisKey)) === true;
	}

	add(generationKey: string, redisKey: string, change: DirtyChange): void {
		const namespace = this.#namespaces.get(generationKey) ?? {slots: new Map<number, FoldedSlot>(), latest: change};
		const slot = clusterSlot(redisKey);
		namespace.slots.set(slot, {redisKey, change: latestOf(namespace.slots.get(slot)?.change, change)});
		namespace.latest = latestOf(namespace.latest, change);
		this.#namespaces.set(generationKey, namespace);
	}

	/** As `Journal.finalBy`. */
	finalBy(finalAt: number, asOfFor: (name: string) => number, isIncluded: (name: string) => boolean): void {
		for (const {slots} of this.#namespaces.values())
			for (const [slot, {redisKey, change}] of slots)
				if (change.finalAt > finalAt && isIncluded(redisKey))
					slots.set(slot, {redisKey, change: {asOf: asOfFor(redisKey), finalAt}});
	}

	/**
	 * Removes the slots that can be reconciled.
	 *
	 * @param isIncluded True for a key whose node can be reconciled.
	 * @param mayInvalidate True for the key of a generation that can be replaced.
	 * @returns The generations to be replaced for them.
	 */
	take(
		isIncluded: (redisKey: string) => boolean,
		mayInvalidate: (generationKey: string) => boolean,
	): readonly (readonly [string, DirtyChange])[] {
		const taken: (readonly [string, DirtyChange])[] = [];
		for (const [generationKey, {slots}] of this.#namespaces) {
			if (!mayInvalidate(generationKey)) continue;
			let change: DirtyChange | undefined;
			for (const [slot, each] of slots) {
				if (!isIncluded(each.redisKey)) continue;
				change = latestOf(change, each.change);
				slots.delete(slot);
			}
			if (slots.size === 0) this.#namespaces.delete(generationKey);
			if (change !== undefined) taken.push([generationKey, change]);
		}
		return taken;
	}
}

/** The nodes of a cluster that are out of use while others are in use. */
export type LostNodes = {
	/** True for a key of one of them. */
	readonly includes: (redisKey: string) => boolean;
	/** Key of the generation of the namespace that the key belongs to. */
	readonly generationKeyOf: (redisKey: string) => string;
};

/** Dirty keys of one namespace. */
export type LostKeys = {
	readonly generationKey: string;
	readonly records: readonly (readonly [string, DirtyChange])[];
};

/** The dirty keys of lost nodes, in the namespace that has most of them; undefined if there are none. */
export function mostLostKeys(
	keys: ReadonlyMap<string, DirtyChange>,
	{includes, generationKeyOf}: LostNodes,
): LostKeys | undefined {
	const byNamespace = new Map<string, (readonly [string, DirtyChange])[]>();
	let most: LostKeys | undefined;
	for (const record of keys) {
		if (!includes(record[0])) continue;
		const generationKey = generationKeyOf(record[0]);
		const records = byNamespace.get(generationKey) ?? [];
		records.push(record);
		byNamespace.set(generationKey, records);
		if (records.length > (most?.records.length ?? 0)) most = {generationKey, records};
	}
	return most;
}
