/** An item that is in one set at a time. */
export type UnorderedSetItem = {
	/** Index in the set; -1: not in a set. Only the set uses it. */
	place: number;
};

/**
 * A set, in no order, of items that come and go quickly.
 *
 * A `Set` replaces its table again and again while items pass through it, and V8 links each table to its successor: once
 * one of them is old, everything after it stays alive until the next full collection. With 512 callers that took more
 * processor time than the rest of a read.
 */
export class UnorderedSet<T extends UnorderedSetItem> {
	readonly #items: T[] = [];

	get size(): number {
		return this.#items.length;
	}

	add(item: T): void {
		item.place = this.#items.push(item) - 1;
	}

	/** @returns True if it was in the set. */
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
