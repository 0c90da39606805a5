/**
 * A bounded map that drops the least recently used entries. It has two generations and drops the whole older one at once, so
 * that there is no cost per entry.
 */
export class RecentMap<Value> {
	#young = new Map<string, Value>();
	#old = new Map<string, Value>();
	readonly #half: number;

	/** @param limit Most entries. At least half as many are remembered. */
	constructor(limit: number) {
		this.#half = Math.ceil(limit / 2);
	}

	get size(): number {
		return this.#young.size + this.#old.size;
	}

	get(key: string): Value | undefined {
		const young = this.#young.get(key);
		if (young !== undefined || this.#old.size === 0) return young;
		const old = this.#old.get(key);
		if (old !== undefined) {
			this.#old.delete(key);
			this.set(key, old);
		}
		return old;
	}

	set(key: string, value: Value): void {
		this.#young.set(key, value);
		if (this.#young.size < this.#half) return;
		this.#old = this.#young;
		this.#young = new Map();
	}

	delete(key: string): void {
		if (!this.#young.delete(key) && this.#old.size > 0) this.#old.delete(key);
	}

	*entries(): IterableIterator<[string, Value]> {
		yield* this.#young;
		for (const entry of this.#old) if (!this.#young.has(entry[0])) yield entry;
	}
}
