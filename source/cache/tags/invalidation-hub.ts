import {clearTimeout, setTimeout} from '../../time/real-time.js';
import type {ChangeClock} from '../clock/change-clock.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Namespaces} from '../keys/namespaces.js';
import type {KnownMarkers} from './known-markers.js';

export type InvalidationHubParts = {
	readonly parser: KeyParser;
	readonly namespaces: Namespaces;
	readonly changes: ChangeClock;
	readonly markers: KnownMarkers;
	/** Reads a marker again, and learns it. Must not reject. */
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

	/** A client, maybe this one, changed an entry or a marker. */
	changed(redisKey: string): void {
		this.#changes.note(redisKey);
		if (this.#parser.isMarkerKey(redisKey)) {
			this.#markerChanged(redisKey);
			return;
		}
		const namespace = this.#namespaces.get(this.#parser.namespaceOf(redisKey));
		namespace?.tier?.markUnverified(this.#parser.keyOf(redisKey));
		for (const wake of this.#waiters.get(redisKey) ?? []) wake();
	}

	/** The key was reconciled: Redis is up to date again, and memory may be older. */
	reconciled(redisKey: string): void {
		this.#changes.note(redisKey);
		this.#namespaces.get(this.#parser.namespaceOf(redisKey))?.tier?.delete(this.#parser.keyOf(redisKey));
	}

	/** Resolves when the key is changed, or after `ms`. */
	waitForChange(redisKey: string, ms: number): Promise<void> {
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

	#markerChanged(markerKey: string): void {
		this.#markers.markUnverified(markerKey);
		const namespace = this.#namespaces.get(this.#parser.namespaceOf(markerKey));
		if (markerKey !== namespace?.generationKey) return;
		// All entries of the namespace may be misses now.
		this.#changes.noteAll();
		namespace.tier?.markAllUnverified();
		this.#verifyGeneration(markerKey);
	}

	/** At once: memory can be served again only when it is known, and a write needs a round trip less if it has the same token. */
	#verifyGeneration(generationKey: string): void {
		if (this.#markers.has(generationKey)) this.#verify(generationKey);
	}
}
