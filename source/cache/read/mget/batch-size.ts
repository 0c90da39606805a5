/** Most keys in one MGET: enough to spread the cost of a round trip, few enough not to delay other clients of the server. */
export const maxKeys = 256;

/** Most keys in one MGET before the first reply, while the size of entries is unknown. */
const firstKeys = 8;

/** Target for the size of one reply in bytes: a reply that takes longer than the deadline to transfer is useless. */
const maxBytes = 524_288;

/** Assumed size of an entry in bytes, before the first reply. */
const firstEntryBytes = 65_536;
/** Assumed size of the reply to a full command before the first reply: large enough that a second command waits for it. */
const firstFullBytes = 4 * maxBytes;

/** Most expected bytes that one call requests at a time: on a busy machine they take several deadlines. */
const maxWaitingBytes = 8 * maxBytes;

/** Weight of a reply with smaller entries in the estimate. */
const decay = 1 / 32;

/**
 * Limits the number of entries in one MGET by their estimated size. The estimate rises at once with larger entries and with
 * replies that took too long, and falls slowly, so that large entries that are read occasionally need not be learned again each
 * time.
 *
 * The number at most doubles with each reply, since the first keys may be absent or small. Markers are not counted: they have a
 * few bytes each, and tell nothing about the size of entries.
 */
export class BatchSize {
	/** Estimated size of an entry; 0 if unknown. */
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

	/** Most keys that one call should request at a time, in several commands, up to 2048; more would only wait in the queue. */
	get maxReads(): number {
		const known = this.#entryBytes === 0 ? this.#mostKeys : Math.floor(maxWaitingBytes / this.#entryBytes);
		return Math.max(1, Math.min(8 * this.#mostKeys, known));
	}

	/** An MGET was answered. @param bytes Of all its entries. */
	answered(keys: number, bytes: number): void {
		if (keys === 0) return;
		// At least 1, for a reply without entries.
		const mean = Math.max(1, bytes / keys);
		const known = this.#entryBytes;
		this.#entryBytes = mean > known || known === 0 ? mean : known + (mean - known) * decay;
		this.#mostKeys = Math.min(maxKeys, Math.max(this.#mostKeys, 2 * keys));
	}

	/**
	 * An MGET was not answered in time; one with fewer keys may be. @param receivedBytes Bytes that arrived before the
	 * deadline.
	 */
	missed(keys: number, receivedBytes: number): void {
		if (keys <= 1) return;
		this.#entryBytes = Math.max((maxBytes * 2) / keys, receivedBytes / keys, this.#entryBytes);
		this.#mostKeys = Math.max(firstKeys, Math.ceil(keys / 2));
	}
}
