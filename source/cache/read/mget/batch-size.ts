/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
export const maxKeys = 256;

/** Keys in one MGET before the first reply: the entries may be of any size. */
const firstKeys = 8;

/** Expected bytes of one reply: one that takes longer than the deadline to transfer is of no use. */
const maxBytes = 524_288;

/** Bytes of one entry that are assumed before the first reply. */
const firstEntryBytes = 65_536;
/** Bytes of a reply to a full command that are assumed then: so many that a second one has to wait for it. */
const firstFullBytes = 4 * maxBytes;

/** Expected bytes that one call should wait for at a time: on a busy machine they take several deadlines. */
const maxWaitingBytes = 8 * maxBytes;

/** Part of the way that the estimate goes down with each reply. */
const decay = 1 / 32;

/**
 * The number of entries that one MGET may have, by the size of entries. The estimate of that size goes up at once, with each reply of
 * larger entries and with each reply that took too long, and down slowly: large entries that are read now and then should not
 * have to be learned anew each time.
 *
 * The number at most doubles with each reply: the first keys may be absent, or small. Markers are not counted: they are a few
 * bytes each, and say nothing of the size of entries.
 */
export class BatchSize {
	/** 0: not known. */
	#entryBytes = 0;
	#mostKeys = firstKeys;

	/** Expected bytes of a reply. */
	readonly expectedBytes = (keys: number): number => {
		if (this.#entryBytes > 0) return keys * this.#entryBytes;
		return keys < firstKeys ? keys * firstEntryBytes : firstFullBytes;
	};

	get maxKeys(): number {
		if (this.#entryBytes === 0) return this.#mostKeys;
		return Math.max(1, Math.min(this.#mostKeys, Math.floor(maxBytes / this.#entryBytes)));
	}

	/** Keys that one call should read at the same time, in several commands, 2048 at most; more would only wait. */
	get maxReads(): number {
		const known = this.#entryBytes === 0 ? this.#mostKeys : Math.floor(maxWaitingBytes / this.#entryBytes);
		return Math.max(1, Math.min(8 * this.#mostKeys, known));
	}

	/** An MGET was answered. @param bytes Of all its entries. */
	answered(keys: number, bytes: number): void {
		if (keys === 0) return;
		// Without entries there is at least a header of each reply.
		const mean = Math.max(1, bytes / keys);
		const known = this.#entryBytes;
		this.#entryBytes = mean > known || known === 0 ? mean : known + (mean - known) * decay;
		this.#mostKeys = Math.min(maxKeys, Math.max(this.#mostKeys, 2 * keys));
	}

	/** An MGET was not answered in time: fewer keys may be. @param receivedBytes Those that arrived nevertheless. */
	missed(keys: number, receivedBytes: number): void {
		if (keys <= 1) return;
		this.#entryBytes = Math.max((maxBytes * 2) / keys, receivedBytes / keys, this.#entryBytes);
		this.#mostKeys = Math.max(firstKeys, Math.ceil(keys / 2));
	}
}
