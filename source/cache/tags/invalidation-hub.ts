import {clearTimeout, setTimeout} from '../../time/real-time.js';
import type {ChangeClock} from '../clock/change-clock.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Namespace} from '../keys/namespace.js';
import type {Namespaces} from '../keys/namespaces.js';
import type {KnownMarkers} from './known-markers.js';

export type InvalidationHubParts = {
	readonly parser: KeyParser;
	readonly namespaces: Namespaces;
	readonly changes: ChangeClock;
	readonly markers: KnownMarkers;
	/** Reads a marker again, and records its content. Must not reject. */
	readonly verify: (markerKey: string) => void;
};

/**
 * The place where all changes in Redis are reported, certain or possible: marks entries in memory as unverified, and wakes
 * waiters.
 */
export class InvalidationHub {
	readonly #parser: KeyParser;
	readonly #namespaces: Namespaces;
	readonly #changes: ChangeClock;
	readonly #markers: KnownMarkers;
	readonly #verify: (markerKey: string) => void;
	readonly #waiters = new Map<string, Set<() => void>>();
	#isClosed = false;
	/** The namespace of the entry that was changed last, if this process has opened it. */
	#latest: Namespace | undefined;
	#gaps = 0;
	#announced = 0;
	#useful = 0;

	constructor({parser, namespaces, changes, markers, verify}: InvalidationHubParts) {
		this.#parser = parser;
		this.#namespaces = namespaces;
		this.#changes = changes;
		this.#markers = markers;
		this.#verify = verify;
	}

	/**
	 * A *gap*: invalidations may have been missed. Wakes all waiters, since the change that they wait for may be one of those.
	 */
	gap(): void {
		this.#gaps++;
		this.#changes.noteAll();
		this.#markers.markAllUnverified();
		for (const {tier, generationKey} of this.#namespaces) {
			tier?.markAllUnverified();
			this.#verifyGeneration(generationKey);
		}
		this.wakeAll();
	}

	/** Number of gaps since the cache was created. */
	get gaps(): number {
		return this.#gaps;
	}

	/** Number of changes that Redis has announced, and of those that concerned a verified entry in memory. */
	get announcements(): {readonly announced: number; readonly useful: number} {
		return {announced: this.#announced, useful: this.#useful};
	}

	/** Redis has announced that a client, possibly this one, changed an entry or a marker. */
	announced(redisKey: string): void {
		this.#announced++;
		if (this.changed(redisKey)) this.#useful++;
	}

	/**
	 * An entry or a marker was changed.
	 *
	 * @param hash Hash of the key, if it is already computed.
	 * @returns True if this process had it in memory, or waits for its change.
	 */
	changed(redisKey: string, hash?: number): boolean {
		this.#changes.note(redisKey, hash);
		// Successive changes mostly concern entries of one namespace.
		const isSame = this.#latest !== undefined && redisKey.startsWith(this.#latest.entryPrefix);
		if (!isSame) {
			if (this.#parser.isMarkerKey(redisKey)) return this.#markerChanged(redisKey);
			this.#latest = this.#namespaces.get(this.#parser.namespaceOf(redisKey));
		}
		const namespace = this.#latest;
		const wasVerified = namespace?.tier?.markUnverified(redisKey.slice(namespace.entryPrefix.length)) === true;
		const waiters = this.#waiters.size === 0 ? undefined : this.#waiters.get(redisKey);
		if (waiters !== undefined) for (const wake of waiters) wake();
		return wasVerified || waiters !== undefined;
	}

	/** The key was reconciled: Redis is up to date again, but memory may have an older value. */
	reconciled(redisKey: string): void {
		this.#changes.note(redisKey);
		this.#namespaces.get(this.#parser.namespaceOf(redisKey))?.tier?.delete(this.#parser.keyOf(redisKey));
	}

	/** Resolves when the key is changed, or after `ms`; at once if the hub is closed. */
	waitForChange(redisKey: string, ms: number): Promise<void> {
		if (this.#isClosed) return Promise.resolve();
		return new Promise<void>((resolve) => {
			const waiters = this.#waiters.get(redisKey) ?? new Set();
			this.#waiters.set(redisKey, waiters);
			const wake = () => {
				clearTimeout(timer);
				waiters.delete(wake);
				if (waiters.size === 0) this.#waiters.delete(redisKey);
				resolve();
			};
			const timer = setTimeout(wake, ms);
			waiters.add(wake);
		});
	}

	/** Wakes all waiters: changes are no longer announced. */
	wakeAll(): void {
		for (const waiters of [...this.#waiters.values()]) for (const wake of [...waiters]) wake();
	}

	/**
	 * Wakes all waiters; later calls of `waitForChange` resolve at once. A call that continues after this finds the cache
	 * closed.
	 */
	close(): void {
		this.#isClosed = true;
		this.wakeAll();
	}

	#markerChanged(markerKey: string): boolean {
		const isKnown = this.#markers.markUnverified(markerKey);
		const namespace = this.#namespaces.get(this.#parser.namespaceOf(markerKey));
		if (markerKey !== namespace?.generationKey) return isKnown;
		// All entries of the namespace may be misses now.
		this.#changes.noteAll();
		namespace.tier?.markAllUnverified();
		this.#verifyGeneration(markerKey);
		return isKnown;
	}

	/**
	 * Read again at once: entries in memory cannot be served until the generation is known, and a write saves a round trip if
	 * the token is unchanged.
	 */
	#verifyGeneration(generationKey: string): void {
		if (this.#markers.has(generationKey)) this.#verify(generationKey);
	}
}
