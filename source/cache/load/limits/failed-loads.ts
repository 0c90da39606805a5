import {LRUCache} from 'lru-cache';
import {localNow} from '../../clock/local-now.js';

const maxKeys = 10_000;

/**
 * Keys whose loader has failed lately. Callers that have a stale value get it without another attempt: a source in trouble is
 * not asked again by each of them.
 */
export class FailedLoads {
	/** Local time until which the loader of a key rests, by Redis key. */
	readonly #until = new LRUCache<string, number>({max: maxKeys});
	readonly #pauseMs: number;

	/** @param pauseMs Milliseconds; 0: a loader never rests. */
	constructor(pauseMs: number) {
		this.#pauseMs = pauseMs;
	}

	failed(redisKey: string): void {
		if (this.#pauseMs > 0) this.#until.set(redisKey, localNow() + this.#pauseMs);
	}

	succeeded(redisKey: string): void {
		if (this.#pauseMs > 0) this.#until.delete(redisKey);
	}

	isResting(redisKey: string): boolean {
		if (this.#pauseMs === 0) return false;
		const until = this.#until.get(redisKey);
		return until !== undefined && localNow() < until;
	}
}
