import {hashKey} from '../../pool/key-hash.js';

/**
 * Counts changes of keys, and remembers for each key the count at its last change: a reply that was in flight when its key
 * changed must not be stored in memory. The size is fixed, and no entry has to be removed.
 *
 * The count also orders the sets and loads of this process against invalidations, its own and those that Redis announces,
 * without comparing clocks.
 */
export class ChangeClock {
	#sequence = 0;
	/** Count at the last change that concerned all keys. */
	#allChangedAt = 0;
	readonly #changedAt: Float64Array;

	/**
	 * @param slots Keys with the same hash share a slot. A collision makes an unchanged key count as changed, which costs one
	 * read of Redis and nothing else.
	 */
	constructor(slots = 16_384) {
		this.#changedAt = new Float64Array(slots);
	}

	/** The current count. Note it before a read is sent, and pass it to `changedSince` when the reply arrives. */
	get now(): number {
		return this.#sequence;
	}

	/** Raises the count without a change, so that earlier changes are distinguished from later ones. @returns The new count. */
	advance(): number {
		return ++this.#sequence;
	}

	/** @param hash Hash of the key, if it is already computed. */
	note(key: string, hash = hashKey(key)): void {
		this.#changedAt[hash % this.#changedAt.length] = ++this.#sequence;
	}

	noteAll(): void {
		this.#allChangedAt = ++this.#sequence;
	}

	/**
	 * True if the key has, or may have, changed since the count was `sequence`.
	 *
	 * @param hash Hash of the key, if it is already computed.
	 */
	changedSince(key: string, sequence: number, hash?: number): boolean {
		if (this.#sequence <= sequence) return false;
		if (this.#allChangedAt > sequence) return true;
		return (this.#changedAt[(hash ?? hashKey(key)) % this.#changedAt.length] ?? 0) > sequence;
	}
}
