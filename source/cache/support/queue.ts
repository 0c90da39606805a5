/** First in, first out, in constant time: taking from the front of an array takes longer the more it holds. */
export class Queue<T> {
	#items: (T | undefined)[] = [];
	#first = 0;

	get size(): number {
		return this.#items.length - this.#first;
	}

	/** The one whose turn is next. */
	get first(): T | undefined {
		return this.#items[this.#first];
	}

	push(item: T): void {
		this.#items.push(item);
	}

	shift(): T | undefined {
		const item = this.#items[this.#first];
		if (item === undefined) return undefined;
		this.#items[this.#first++] = undefined;
		if (this.#first === this.#items.length) this.#restart([]);
		else if (this.#first > 1024 && this.#first * 2 > this.#items.length) this.#restart(this.#items.slice(this.#first));
		return item;
	}

	/** Takes all there are. */
	take(): T[] {
		const all = this.#items.slice(this.#first) as T[];
		this.#restart([]);
		return all;
	}

	#restart(items: (T | undefined)[]): void {
		this.#items = items;
		this.#first = 0;
	}
}
