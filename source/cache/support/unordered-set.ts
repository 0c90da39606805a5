/** What can be in one bag at a time. */
export type UnorderedSetItem = {
	/** Its place in the bag; -1: it is in none. For the bag alone. */
	place: number;
};

/**
 * A set of things that come and go quickly, in no order. A `Set` replaces its table again and again while things pass
 * through it, and each table refers to the next: one that has got old keeps all that came after it alive until the next full
 * collection. With 512 callers that took more processor time than all the rest of a read.
 */
export class UnorderedSet<T extends UnorderedSetItem> {
	readonly #items: T[] = [];

	get size(): number {
		return this.#items.length;
	}

	add(item: T): void {
		item.place = this.#items.push(item) - 1;
	}

	/** @returns Whether it was there. */
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

	/** Takes all there are. */
	take(): T[] {
		const items = this.#items.splice(0);
		for (const item of items) item.place = -1;
		return items;
	}

	[Symbol.iterator](): IterableIterator<T> {
		return this.#items.values();
	}
}
