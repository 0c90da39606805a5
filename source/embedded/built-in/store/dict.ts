/** A node of a dict, which manages its `sequence` and `slot`. */
export type DictNode = {readonly key: string; sequence: number; slot: number};

const spareHoles = 16;

/**
 * A map that can also be scanned with a cursor and sampled at random.
 *
 * `#slots` has the nodes in the order of their insertion, with holes for deleted nodes, of which there are at most about as
 * many as nodes. A scan goes from the newest node to the oldest, and its cursor is the sequence number of a node: it visits
 * every node that exists throughout the scan exactly once, and ends even if nodes are added all the time.
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

	/** Adds a node whose key is not in the map. */
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

	/** Nodes in the order of their insertion. */
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

	/** Visits about `count` nodes from a cursor on, 0 being the start. Returns the next cursor, 0 at the end. */
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

	/** The last slot whose sequence number is below the cursor. Sequence numbers grow with the slots. */
	#lastSlotBefore(sequence: number): number {
		let low = 0;
		let high = this.#slots.length;
		while (low < high) {
			let middle = (low + high) >> 1;
			const first = middle;
			// A hole has no sequence number, so that of the next node is used.
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
