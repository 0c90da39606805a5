import {KeyCounts} from '../support/key-counts.js';

/**
 * Changes of this process that are on their way to Redis, by Redis key: of entries, and of markers. Until such a
 * *pending* change is settled its key is answered from memory, or is a miss: a caller that set a value without waiting for
 * the result reads it back.
 */
export class PendingWrites {
	readonly #counts = new KeyCounts();
	#onIdle: (() => void)[] = [];

	/** @param hash That of the key, if it is known. */
	begin(redisKey: string, hash?: number): void {
		this.#counts.increase(redisKey, hash);
	}

	/** @param hash That of the key, if it is known. */
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
