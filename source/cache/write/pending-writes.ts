/**
 * Changes of this process that are on their way to Redis. While there is one, the key (or everything under the mark) is
 * answered from memory or is a miss: a caller that set a value without waiting reads it back.
 */
export class PendingWrites {
	readonly #counts = new Map<string, number>();
	#onIdle: (() => void)[] = [];

	begin(name: string): void {
		this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
	}

	end(name: string): void {
		const left = (this.#counts.get(name) ?? 0) - 1;
		if (left > 0) this.#counts.set(name, left);
		else this.#counts.delete(name);
		if (this.#counts.size === 0 && this.#onIdle.length > 0) {
			const listeners = this.#onIdle;
			this.#onIdle = [];
			for (const listener of listeners) listener();
		}
	}

	/** Resolves when no change is under way. */
	idle(): Promise<void> {
		return new Promise((resolve) => {
			if (this.#counts.size === 0) resolve();
			else this.#onIdle.push(resolve);
		});
	}

	count(name: string): number {
		return this.#counts.get(name) ?? 0;
	}

	has(name: string): boolean {
		return this.#counts.size > 0 && this.#counts.has(name);
	}

	get size(): number {
		return this.#counts.size;
	}
}
