const firstCapacity = 8;
const elementOverhead = 4;

/** A ring buffer of strings, cheap at both ends. `#ring.length` is a power of two. */
export class ListValue {
	readonly type = 'list';
	#ring: (string | undefined)[] = new Array(firstCapacity);
	#head = 0;
	#size = 0;
	#payload = 0;

	static of(items: Iterable<string>): ListValue {
		const made = new ListValue();
		for (const item of items) made.pushRight(item);
		return made;
	}

	get size(): number {
		return this.#size;
	}

	/** Estimate of its memory in Redis. */
	get bytes(): number {
		return 64 + this.#payload + this.#size * elementOverhead;
	}

	pushLeft(item: string): void {
		this.#grow();
		this.#head = (this.#head - 1) & (this.#ring.length - 1);
		this.#ring[this.#head] = item;
		this.#size++;
		this.#payload += item.length;
	}

	pushRight(item: string): void {
		this.#grow();
		this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item;
		this.#size++;
		this.#payload += item.length;
	}

	popLeft(): string | undefined {
		if (this.#size === 0) return undefined;
		const item = this.#ring[this.#head];
		this.#ring[this.#head] = undefined;
		this.#head = (this.#head + 1) & (this.#ring.length - 1);
		return this.#removed(item);
	}

	popRight(): string | undefined {
		if (this.#size === 0) return undefined;
		const place = (this.#head + this.#size - 1) & (this.#ring.length - 1);
		const item = this.#ring[place];
		this.#ring[place] = undefined;
		return this.#removed(item);
	}

	/** @param index Negative counts from the end. */
	at(index: number): string | undefined {
		const place = index < 0 ? this.#size + index : index;
		if (place < 0 || place >= this.#size) return undefined;
		return this.#ring[(this.#head + place) & (this.#ring.length - 1)];
	}

	/** Returns false if the index is out of range. */
	set(index: number, item: string): boolean {
		const old = this.at(index);
		if (old === undefined) return false;
		const place = index < 0 ? this.#size + index : index;
		this.#ring[(this.#head + place) & (this.#ring.length - 1)] = item;
		this.#payload += item.length - old.length;
		return true;
	}

	/** Items from `start` to `end`, both included and in range. */
	slice(start: number, end: number): string[] {
		const items: string[] = [];
		for (let index = start; index <= end; index++) items.push(this.at(index) ?? '');
		return items;
	}

	items(): string[] {
		return this.slice(0, this.#size - 1);
	}

	/** Replaces all items, for changes in the middle. */
	replace(items: readonly string[]): void {
		this.#ring = new Array(firstCapacity);
		this.#head = 0;
		this.#size = 0;
		this.#payload = 0;
		for (const item of items) this.pushRight(item);
	}

	clone(): ListValue {
		return ListValue.of(this.items());
	}

	#removed(item: string | undefined): string {
		this.#size--;
		this.#payload -= item?.length ?? 0;
		return item ?? '';
	}

	#grow(): void {
		if (this.#size < this.#ring.length) return;
		const items = this.items();
		this.#ring = items;
		this.#ring.length = items.length * 2;
		this.#head = 0;
	}
}
