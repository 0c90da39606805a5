/**
 * A first-in, first-out queue. Takes constant time, where `Array.shift` takes time in proportion to the length of the array.
 */
export class Queue<T> {
	#items: (T | undefined)[] = [];
	#start = 0;

	get size(): number {
		return this.#items.length - this.#start;
	}

	/** The next item; `undefined` if the queue is empty. */
	get first(): T | undefined {
		return this.#items[this.#start];
	}

	push(item: T): void {
		this.#items.push(item);
	}

	/** Puts an item in front of all others: for one that was just taken out, or a part of it. */
	unshift(item: T): void {
		if (this.#start > 0) this.#items[--this.#start] = item;
		else this.#items.unshift(item);
	}

	shift(): T | undefined {
		// Most queues hold one item at a time: they keep their memory.
		if (this.#start === 0 && this.#items.length === 1) return this.#items.pop();
		const item = this.#items[this.#start];
		if (item === undefined) return undefined;
		this.#items[this.#start++] = undefined;
		if (this.#start === this.#items.length) this.#restart([]);
		else if (this.#start > 1024 && this.#start * 2 > this.#items.length) this.#restart(this.#items.slice(this.#start));
		return item;
	}

	/** Removes all items. */
	take(): T[] {
		const all = this.#items.slice(this.#start) as T[];
		this.#restart([]);
		return all;
	}

	#restart(items: (T | undefined)[]): void {
		this.#items = items;
		this.#start = 0;
	}
}
