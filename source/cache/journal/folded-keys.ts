import {clusterSlot} from '../../pool/cluster-slot.js';
import {type DirtyChange, latestOf} from './dirty-change.js';

/** Dirty keys of one slot. */
type FoldedSlot = {
	/** One of the keys. It represents all of them, since a slot is on one node. */
	readonly redisKey: string;
	/** The latest times of these keys. */
	readonly change: DirtyChange;
};

type FoldedNamespace = {
	readonly slots: Map<number, FoldedSlot>;
	/** At least as late as the times of every slot. */
	latest: DirtyChange;
};

/**
 * Dirty keys of cluster nodes that are out of use, *folded*: once there are too many to record each one, only their slots are
 * kept for each namespace. One invalidation of the whole namespace reconciles them. It is made when their node is back, so that
 * until then the keys of the other nodes are not affected.
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

	/** True if the key may be a folded one. */
	includes(generationKey: string, redisKey: string): boolean {
		return this.size > 0 && this.#namespaces.get(generationKey)?.slots.has(clusterSlot(redisKey)) === true;
	}

	/** The latest times of the folded keys in the slot of a key; undefined if there are none. */
	inSlotOf(generationKey: string, redisKey: string): DirtyChange | undefined {
		return this.#namespaces.get(generationKey)?.slots.get(clusterSlot(redisKey))?.change;
	}

	add(generationKey: string, redisKey: string, change: DirtyChange): void {
		const namespace = this.#namespaces.get(generationKey) ?? {slots: new Map<number, FoldedSlot>(), latest: change};
		const slot = clusterSlot(redisKey);
		namespace.slots.set(slot, {redisKey, change: latestOf(namespace.slots.get(slot)?.change, change)});
		namespace.latest = latestOf(namespace.latest, change);
		this.#namespaces.set(generationKey, namespace);
	}

	/** Like `Journal.finalBy`. */
	finalBy(finalAt: number, asOfFor: (name: string) => number, isIncluded: (name: string) => boolean): void {
		for (const {slots} of this.#namespaces.values())
			for (const [slot, {redisKey, change}] of slots)
				if (change.finalAt > finalAt && isIncluded(redisKey))
					slots.set(slot, {redisKey, change: {asOf: asOfFor(redisKey), finalAt}});
	}

	/**
	 * Removes the slots whose keys can be reconciled.
	 *
	 * @param isIncluded True for a key whose node can be reconciled.
	 * @param mayInvalidate True for a generation key that can be replaced now.
	 * @returns The keys of the generations to replace for them.
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
	/** True for a key of a lost node. */
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
