import {hashKey} from '../../../pool/key-hash.js';
import {localNow} from '../../clock/local-now.js';
import type {Namespace} from '../../keys/namespace.js';

/** Weight of the latest read in the moving average of misses: about the last sixteen reads count. */
const weight = 1 / 16;
/** Share of misses above which reads request the lease at once. The cost of either way is in notes/decisions.md. */
const minShare = 0.5;
const slots = 1024;

/**
 * Predicts if the read of a `getOrSet` will miss. If so, the lease is requested with the read, which saves a round trip. A
 * wrong prediction costs Redis a script instead of a part of an MGET.
 */
export class ExpectedMisses {
	/** Hashes of keys that this process has deleted. */
	readonly #deleted = new Uint32Array(slots);

	/** Redis has answered the read of a `getOrSet`. */
	noteRead(namespace: Namespace, isMiss: boolean): void {
		namespace.missShare += ((isMiss ? 1 : 0) - namespace.missShare) * weight;
	}

	noteDelete(redisKey: string): void {
		const hash = hashKey(redisKey);
		this.#deleted[hash % slots] = hash;
	}

	/**
	 * True if most recent reads of the namespace were misses, if the value in memory has expired, and once after this process
	 * has deleted the key.
	 */
	expects(namespace: Namespace, key: string, redisKey: string): boolean {
		if (namespace.missShare > minShare) return true;
		const inMemory = namespace.tier?.get(key);
		if (inMemory !== undefined && inMemory.version > 0 && inMemory.freshUntil <= localNow()) return true;
		const hash = hashKey(redisKey);
		if (this.#deleted[hash % slots] !== hash) return false;
		this.#deleted[hash % slots] = 0;
		return true;
	}
}
