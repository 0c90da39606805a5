import type {ChangeClock} from '../clock/change-clock.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Namespaces} from '../keys/namespaces.js';
import type {InvalidationTimes} from './invalidation-times.js';

export type InvalidationHubParts = {
	readonly parser: KeyParser;
	readonly namespaces: Namespaces;
	readonly changes: ChangeClock;
	readonly times: InvalidationTimes;
};

/** Reacts to a change in Redis, certain or possible: marks memory as unverified, and wakes waiters. */
export class InvalidationHub {
	readonly #parser: KeyParser;
	readonly #namespaces: Namespaces;
	readonly #changes: ChangeClock;
	readonly #times: InvalidationTimes;
	readonly #waiters = new Map<string, Set<() => void>>();

	constructor({parser, namespaces, changes, times}: InvalidationHubParts) {
		this.#parser = parser;
		this.#namespaces = namespaces;
		this.#changes = changes;
		this.#times = times;
	}

	/** Invalidations may have been missed. */
	gap(): void {
		this.#changes.noteAll();
		this.#times.markAllUnverified();
		for (const {tier} of this.#namespaces) tier?.markAllUnverified();
	}

	/** A client, maybe this one, changed an entry or an invalidation time. */
	changed(redisKey: string): void {
		this.#changes.note(redisKey);
		if (this.#parser.isTimeKey(redisKey)) {
			this.#timeChanged(redisKey);
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

	/** Wakes all waiters. */
	close(): void {
		for (const waiters of [...this.#waiters.values()]) for (const wake of [...waiters]) wake();
	}

	#timeChanged(timeKey: string): void {
		this.#times.markUnverified(timeKey);
		const name = this.#parser.namespaceOf(timeKey);
		const opened = this.#namespaces.get(name);
		const namespace = opened ?? this.#parser.namesOf(timeKey);
		if (timeKey !== namespace.timeKey) this.#changes.note(namespace.anyTagTimeKey);
		else if (opened !== undefined) {
			// All entries of the namespace may be hidden now.
			this.#changes.noteAll();
			opened.tier?.markAllUnverified();
		}
	}
}
