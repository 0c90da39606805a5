import {clusterSlot} from '../cluster-slot.js';
import {slotCount} from './cluster-map.js';

/** The node that has each slot, as far as this process knows. */
export class SlotOwners<Node extends {readonly address: string}> {
	#owners = new Array<Node | undefined>(slotCount);

	/** Undefined for a key whose slot has no node. */
	of(key: string): Node | undefined {
		return this.#owners[clusterSlot(key)];
	}

	/** Replaces the owners of all slots. @returns True if a slot has an owner with another address than before. */
	replace(ownerOf: (slot: number) => Node | undefined): boolean {
		const earlier = this.#owners;
		this.#owners = Array.from({length: slotCount}, (_, slot) => ownerOf(slot));
		return this.#owners.some((owner, slot) => owner?.address !== earlier[slot]?.address);
	}

	/** @returns False if the node had the slot already. */
	move(slot: number, node: Node): boolean {
		if (this.#owners[slot] === node) return false;
		this.#owners[slot] = node;
		return true;
	}
}
