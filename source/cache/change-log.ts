/**
 * Remembers which keys changed lately, so that a reply that was on its way when its key changed is not kept in the memory
 * tier. Two generations, turned by `turn()`; a read that is older than both counts as overtaken.
 */
export class ChangeLog {
	#sequence = 0;
	/** Changes at or before this one are forgotten: everything older counts as changed. */
	#floor = 0;
	#previousFloor = 0;
	#current = new Map<string, number>();
	#previous = new Map<string, number>();
	readonly #limit: number;

	constructor(limit = 50_000) {
		this.#limit = limit;
	}

	/** To be taken when a read is sent. */
	get now(): number {
		return this.#sequence;
	}

	note(key: string): void {
		if (this.#current.size >= this.#limit) this.turn();
		this.#current.set(key, ++this.#sequence);
	}

	noteAll(): void {
		this.#floor = ++this.#sequence;
		this.#previousFloor = this.#floor;
		this.#current.clear();
		this.#previous.clear();
	}

	/** To be called at most once in the longest time a read may take. */
	turn(): void {
		this.#floor = this.#previousFloor;
		this.#previousFloor = this.#sequence;
		this.#previous = this.#current;
		this.#current = new Map();
	}

	changedSince(key: string, sequence: number): boolean {
		if (sequence < this.#floor) return true;
		const changed = this.#current.get(key) ?? this.#previous.get(key);
		return changed !== undefined && changed > sequence;
	}
}
