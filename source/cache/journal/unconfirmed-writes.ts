import type {Namespace} from '../keys/namespace.js';
import type {DirtyKeys} from './dirty-keys.js';
import type {PendingWrites} from './pending-writes.js';

/** Keys whose newest value only this process knows: those with a pending or dirty change. They are never read from Redis. */
export class UnconfirmedWrites {
	readonly #pending: PendingWrites;
	readonly #dirty: DirtyKeys;

	constructor(pending: PendingWrites, dirty: DirtyKeys) {
		this.#pending = pending;
		this.#dirty = dirty;
	}

	/** True while a change of the key, or an invalidation of its namespace, is pending or dirty. */
	has(namespace: Namespace, redisKey: string): boolean {
		return (
			this.#pending.has(redisKey) || this.#pending.has(namespace.generationKey) || this.#dirty.has(namespace, redisKey)
		);
	}

	/** True while a change of the key itself is pending or dirty: nobody but this process knows its newest value. */
	hasKey(redisKey: string): boolean {
		return this.#pending.has(redisKey) || this.#dirty.journal.hasKey(redisKey);
	}

	/**
	 * Server time in µs up to which an entry that Redis has under a key may be older than an unconfirmed invalidation of its namespace;
	 * 0 if there is none, `Infinity` while it is pending.
	 */
	invalidatedUntil(namespace: Namespace, redisKey: string): number {
		if (this.#pending.has(namespace.generationKey)) return Number.POSITIVE_INFINITY;
		return this.#dirty.invalidatedUntil(namespace, redisKey);
	}

	/** True while an invalidation of a tag is pending or dirty. */
	hasTag(markerKey: string): boolean {
		return this.#pending.has(markerKey) || this.#dirty.journal.hasMarker(markerKey);
	}
}
