import {InProgress} from '../support/in-progress.js';
import {KeyCounts} from '../support/key-counts.js';

/**
 * Changes of entries and markers that were sent to Redis and are not answered yet (*pending*), by Redis key. Until then, reads
 * of the key are answered from memory or are misses, so that a caller that sets a value without waiting for the result reads it
 * back.
 */
export class PendingWrites {
	readonly #counts = new KeyCounts();
	readonly #inProgress = new InProgress();

	/** @param hash Hash of the key, if it is already computed. */
	begin(redisKey: string, hash?: number): void {
		this.#counts.increase(redisKey, hash);
		this.#inProgress.begin();
	}

	/** @param hash Hash of the key, if it is already computed. */
	end(redisKey: string, hash?: number): void {
		this.#counts.decrease(redisKey, hash);
		this.#inProgress.end();
	}

	/** Resolves when no change is pending. */
	idle(): Promise<void> {
		return this.#inProgress.idle();
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
