/** An item that is in one set at a time. */
export type UnorderedSetItem = {
	/** Index in the set; -1: not in a set. Only the set uses it. */
	place: number;
};

/**
 * An unordered set of items that come and go quickly.
 *
 * A `Set` reallocates its table repeatedly as items pass through it, and V8 links each table to its successor: once one of them
 * is in the old generation, all later ones stay alive until the next full garbage collection. With 512 callers that took more
 * CPU time than the rest of a read.
 */
export class UnorderedSet<T extends UnorderedSetItem> {
	readonly #items: T[] = [];

	get size(): number {
		return this.#items.length;
	}

	add(item: T): void {
		item.place = this.#items.push(item) - 1;
	}

	/** @returns True if the item was in the set. */
	delete(item: T): boolean {
		const {place} = item;
		if (place < 0) return false;
		item.place = -1;
		const last = this.#items.pop() as T;
		if (last !== item) {
			this.#items[place] = last;
			last.place = place;
		}
		return true;
	}

	/** Removes all items. */
	take(): T[] {
		const items = this.#items.splice(0);
		for (const item of items) item.place = -1;
		return items;
	}

	[Symbol.iterator](): IterableIterator<T> {
		return this.#items.values();
	}
}
