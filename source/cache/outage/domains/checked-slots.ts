import {slotCount} from '../../../pool/cluster/cluster-map.js';

export type SlotNodes = {
	/** Address of the node that has a slot; undefined if none has it. */
	readonly ownerOf: (slot: number) => string | undefined;
	readonly isPresent: (address: string) => boolean;
	readonly isInUse: (address: string) => boolean;
	/** True for a node that comes into use for the first time: it was compared with the node that it replaces. */
	readonly isNew: (address: string) => boolean;
};

/**
 * The nodes on which the data of each slot were last known to be complete.
 *
 * A new master is checked for lost changes before it is used. If a slot moves on to a node in use before that, its data pass that
 * check by.
 */
export class CheckedSlots {
	readonly #owners = new Array<string | undefined>(slotCount);

	/** @returns The slots that a node in use has got from one that is not, or from an unchecked one in its place. */
	update({ownerOf, isPresent, isInUse, isNew}: SlotNodes): ReadonlySet<number> {
		const unchecked = new Set<number>();
		for (let slot = 0; slot < slotCount; slot++) {
			const owner = ownerOf(slot);
			const former = this.#owners[slot];
			if (owner === undefined || owner === former || !isInUse(owner)) continue;
			this.#owners[slot] = owner;
			const wasCompared = former !== undefined && !isPresent(former) && isNew(owner);
			if (former !== undefined && !isInUse(former) && !wasCompared) unchecked.add(slot);
		}
		return unchecked;
	}
}
