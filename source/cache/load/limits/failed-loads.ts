import {LRUCache} from 'lru-cache';
import {localNow} from '../../clock/local-now.js';

const maxKeys = 10_000;

/**
 * Keys whose loader has failed recently. Callers that have a stale value get it without another attempt, so that they do not
 * add load to a failing source.
 */
export class FailedLoads {
	/**
	 * Local time until which the loader of a key is not called, by Redis key. Undefined until a loader fails, since the LRU
	 * cache allocates all its slots at once.
	 */
	#until: LRUCache<string, number> | undefined;
	readonly #pauseMs: number;

	/** @param pauseMs Milliseconds without calls after a failure; 0: none. */
	constructor(pauseMs: number) {
		this.#pauseMs = pauseMs;
	}

	failed(redisKey: string): void {
		if (this.#pauseMs === 0) return;
		this.#until ??= new LRUCache({max: maxKeys});
		this.#until.set(redisKey, localNow() + this.#pauseMs);
	}

	succeeded(redisKey: string): void {
		this.#until?.delete(redisKey);
	}

	isResting(redisKey: string): boolean {
		const until = this.#until?.get(redisKey);
		return until !== undefined && localNow() < until;
	}
}
