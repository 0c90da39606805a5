import {KeyCounts} from '../support/key-counts.js';

/**
 * Changes of entries and markers that were sent to Redis and are not answered yet (*pending*), by Redis key. Until then, reads
 * of the key are answered from memory or are misses, so that a caller that sets a value without waiting for the result reads it
 * back.
 */
export class PendingWrites {
	readonly #counts = new KeyCounts();
	#onIdle: (() => void)[] = [];

	/** @param hash Hash of the key, if it is already computed. */
	begin(redisKey: string, hash?: number): void {
		this.#counts.increase(redisKey, hash);
	}

	/** @param hash Hash of the key, if it is already computed. */
	end(redisKey: string, hash?: number): void {
		this.#counts.decrease(redisKey, hash);
		if (this.#counts.size > 0 || this.#onIdle.length === 0) return;
		const listeners = this.#onIdle;
		this.#onIdle = [];
		for (const listener of listeners) listener();
	}

	/** Resolves when no change is pending. */
	idle(): Promise<void> {
		return new Promise((resolve) => {
			if (this.#counts.size === 0) resolve();
			else this.#onIdle.push(resolve);
		});
	}

	count(redisKey: string): number {
		return this.#counts.get(redisKey);
	}

	has(redisKey: string): boolean {
		return this.#counts.get(redisKey) > 0;
	}

	/** Number of keys with a pending change. */
	get size(): number {
		return this.#counts.size;
	}
}
