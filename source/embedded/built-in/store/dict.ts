/** `sequence` and `slot` belong to the dict that holds the node. */
export type DictNode = {readonly key: string; sequence: number; slot: number};

const spareHoles = 16;

/**
 * A map that can also be scanned with a cursor and sampled at random.
 *
 * Nodes stand in `#slots` in order of insertion, with holes where nodes were deleted; at most as many holes as nodes
 * (and a few). A scan goes from the newest node down, and its cursor is a node's sequence number: it meets every node
 * that is there throughout exactly once, and ends however many are added meanwhile.
 */
export class Dict<N extends DictNode> {
	readonly #nodes = new Map<string, N>();
	#slots: (N | undefined)[] = [];
	#nextSequence = 1;

	get size(): number {
		return this.#nodes.size;
	}

	get(key: string): N | undefined {
		return this.#nodes.get(key);
	}

	has(key: string): boolean {
		return this.#nodes.has(key);
	}

	/** The key must be new. */
	add(node: N): void {
		node.sequence = this.#nextSequence++;
		node.slot = this.#slots.length;
		this.#slots.push(node);
		this.#nodes.set(node.key, node);
	}

	delete(key: string): N | undefined {
		const node = this.#nodes.get(key);
		if (!node) return undefined;
		this.#nodes.delete(key);
		this.#slots[node.slot] = undefined;
		if (this.#slots.length > 2 * this.#nodes.size + spareHoles) this.#compact();
		return node;
	}

	clear(): void {
		this.#nodes.clear();
		this.#slots = [];
	}

	/** In order of insertion. */
	[Symbol.iterator](): IterableIterator<N> {
		return this.#nodes.values();
	}

	random(): N | undefined {
		if (this.#nodes.size === 0) return undefined;
		for (;;) {
			const node = this.#slots[Math.floor(Math.random() * this.#slots.length)];
			if (node) return node;
		}
	}

	/** Visits about `count` nodes from `cursor` (0: the start) on. Returns the cursor to go on with, 0 at the end. */
	scan(cursor: number, count: number, visit: (node: N) => void): number {
		let slot = cursor === 0 ? this.#slots.length - 1 : this.#lastSlotBefore(cursor);
		let sequence = 0;
		for (let visited = 0; slot >= 0 && visited < count; slot--) {
			const node = this.#slots[slot];
			if (!node) continue;
			visit(node);
			sequence = node.sequence;
			visited++;
		}
		while (slot >= 0 && !this.#slots[slot]) slot--;
		return slot < 0 ? 0 : sequence;
	}

	/** Sequence numbers grow with the slots. */
	#lastSlotBefore(sequence: number): number {
		let low = 0;
		let high = this.#slots.length;
		while (low < high) {
			let middle = (low + high) >> 1;
			const first = middle;
			// A hole has no number: take the next node's.
			while (middle < high && !this.#slots[middle]) middle++;
			const node = middle < high ? this.#slots[middle] : undefined;
			if (node && node.sequence < sequence) low = middle + 1;
			else high = first;
		}
		return low - 1;
	}

	#compact(): void {
		this.#slots = [...this.#nodes.values()];
		this.#slots.forEach((node, slot) => {
			if (node) node.slot = slot;
		});
	}
}
