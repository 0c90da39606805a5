/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
export const maxKeys = 256;

/** Keys in one MGET before the first reply: the entries may be of any size. */
const firstKeys = 16;

/** Expected bytes of one reply: one that takes longer than the deadline to transfer is of no use. */
const maxBytes = 524_288;

/** Part of the way that the estimate goes down with each reply. */
const decay = 1 / 32;

/**
 * The number of keys that one MGET may have, by the size of entries. The estimate of that size goes up at once, with each reply of
 * larger entries and with each reply that took too long, and down slowly: large entries that are read now and then should not
 * have to be learned anew each time.
 */
export class BatchSize {
	/** 0: not known. */
	#entryBytes = 0;

	get maxKeys(): number {
		if (this.#entryBytes === 0) return firstKeys;
		return Math.max(1, Math.min(maxKeys, Math.floor(maxBytes / this.#entryBytes)));
	}

	/** Expected bytes of a reply. Before the first one they are guessed high, so that few commands are in flight. */
	expectedBytes(keys: number): number {
		return keys * (this.#entryBytes || (2 * maxBytes) / firstKeys);
	}

	/** An MGET was answered. @param bytes Of all its entries. */
	answered(keys: number, bytes: number): void {
		// Without entries there is at least a header of each reply.
		const mean = Math.max(1, bytes / keys);
		const known = this.#entryBytes;
		this.#entryBytes = mean > known || known === 0 ? mean : known + (mean - known) * decay;
	}

	/** An MGET was not answered in time: fewer keys may be. @param receivedBytes Those that arrived nevertheless. */
	missed(keys: number, receivedBytes: number): void {
		if (keys > 1) this.#entryBytes = Math.max((maxBytes * 2) / keys, receivedBytes / keys, this.#entryBytes);
	}
}
