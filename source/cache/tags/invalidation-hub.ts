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
	/** Reads a marker again, and records it. Must not reject. */
	readonly verify: (markerKey: string) => void;
};

/** Reacts to a change in Redis, certain or possible: marks memory as unverified, and wakes waiters. */
export class InvalidationHub {
	readonly #parser: KeyParser;
	readonly #namespaces: Namespaces;
	readonly #changes: ChangeClock;
	readonly #markers: KnownMarkers;
	readonly #verify: (markerKey: string) => void;
	readonly #waiters = new Map<string, Set<() => void>>();
	#isClosed = false;
	/** The namespace of the entry that was changed last, if it is open here. */
	#latest: Namespace | undefined;
	#announced = 0;
	#useful = 0;

	constructor({parser, namespaces, changes, markers, verify}: InvalidationHubParts) {
		this.#parser = parser;
		this.#namespaces = namespaces;
		this.#changes = changes;
		this.#markers = markers;
		this.#verify = verify;
	}

	/** Invalidations may have been missed. Waiters look for themselves: the change that they wait for may be one of them. */
	gap(): void {
		this.#changes.noteAll();
		this.#markers.markAllUnverified();
		for (const {tier, generationKey} of this.#namespaces) {
			tier?.markAllUnverified();
			this.#verifyGeneration(generationKey);
		}
		this.wakeAll();
	}

	/** Changes that Redis has announced, and those of them that concerned what was verified in memory. */
	get announcements(): {readonly announced: number; readonly useful: number} {
		return {announced: this.#announced, useful: this.#useful};
	}

	/** Redis has announced that a client, maybe this one, changed an entry or a marker. */
	announced(redisKey: string): void {
		this.#announced++;
		if (this.changed(redisKey)) this.#useful++;
	}

	/**
	 * An entry or a marker was changed.
	 *
	 * @param hash That of the key, if it is known.
	 * @returns True if this process knew it, or waits for it.
	 */
	changed(redisKey: string, hash?: number): boolean {
		this.#changes.note(redisKey, hash);
		// Most changes in a row are of entries of one namespace.
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

	/** The key was reconciled: Redis is up to date again, and memory may be older. */
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

	/** Wakes all waiters: changes are not announced any more. */
	wakeAll(): void {
		for (const waiters of [...this.#waiters.values()]) for (const wake of [...waiters]) wake();
	}

	/** Nobody waits any more: a call whose reply arrives after this goes on, and finds the cache closed. */
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

	/** At once: memory can be served again only when it is known, and a write needs a round trip less if it has the same token. */
	#verifyGeneration(generationKey: string): void {
		if (this.#markers.has(generationKey)) this.#verify(generationKey);
	}
}
