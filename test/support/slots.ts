/** A number of slots for concurrent tests that use much of a processor: the others wait for a free one. */
export class Slots {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(count: number) {
		this.#free = count;
	}

	/** Resolves when a slot is free, with a function that frees it again. */
	async take(): Promise<() => void> {
		if (this.#free > 0) this.#free--;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		return () => {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free++;
		};
	}
}
