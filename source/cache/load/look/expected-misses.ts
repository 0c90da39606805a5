import {hashKey} from '../../../pool/key-hash.js';
import {localNow} from '../../clock/local-now.js';
import type {Namespace} from '../../keys/namespace.js';

/** Part that the latest read has in the share of misses: about the last sixteen count. */
const weight = 1 / 16;
/** Share of misses above which reads ask for the lease at once. See decisions.md for what either costs. */
const minShare = 0.5;
const slots = 1024;

/**
 * Tells if the read of a load will be a miss: then the lease is asked for with it, which saves a round trip. If that turns out
 * wrong, it has cost Redis a script in place of a part of an MGET.
 */
export class ExpectedMisses {
	/** Hashes of keys that this process has deleted. */
	readonly #deleted = new Uint32Array(slots);

	/** A read of a load has got an answer from Redis. */
	noteRead(namespace: Namespace, isMiss: boolean): void {
		namespace.missShare += ((isMiss ? 1 : 0) - namespace.missShare) * weight;
	}

	noteDelete(redisKey: string): void {
		const hash = hashKey(redisKey);
		this.#deleted[hash % slots] = hash;
	}

	/**
	 * True where most reads miss lately, for a key whose value has expired in memory, and once for a key that this process has
	 * deleted.
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
