import {anyTagOf} from '../keys/key-builder.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Namespace} from '../keys/namespace.js';
import type {InvalidationTimes} from '../tags/invalidation-times.js';
import type {ChangeClock} from './change-clock.js';

/** What is to be done when something in Redis has changed, or may have: memory is suspected, and those who wait are woken. */
export class InvalidationHub {
	readonly #names: KeyParser;
	readonly #spaces: ReadonlyMap<string, Namespace>;
	readonly #changes: ChangeClock;
	readonly #marks: InvalidationTimes;
	readonly #watchers = new Map<string, Set<() => void>>();

	constructor(
		names: KeyParser,
		spaces: ReadonlyMap<string, Namespace>,
		changes: ChangeClock,
		marks: InvalidationTimes,
	) {
		this.#names = names;
		this.#spaces = spaces;
		this.#changes = changes;
		this.#marks = marks;
	}

	/** Changes may have been missed. */
	missed(): void {
		this.#changes.noteAll();
		this.#marks.suspectAll();
		for (const {tier} of this.#spaces.values()) tier?.suspectAll();
	}

	/** Someone, maybe this process, changed an entry or a mark. */
	changed(physical: string): void {
		this.#changes.note(physical);
		if (this.#names.isMark(physical)) {
			this.#markChanged(physical);
			return;
		}
		this.#spaces.get(this.#names.namespaceOf(physical))?.tier?.suspect(this.#names.keyOf(physical));
		for (const wake of this.#watchers.get(physical) ?? []) wake();
	}

	/** A key was just reconciled: others may have changed it since. */
	reconciled(physical: string): void {
		this.#changes.note(physical);
		this.#spaces.get(this.#names.namespaceOf(physical))?.tier?.delete(this.#names.keyOf(physical));
	}

	/** Resolves when someone changes the key, or after `ms`. */
	of(physical: string, ms: number): Promise<void> {
		return new Promise<void>((resolve) => {
			const watchers = this.#watchers.get(physical) ?? new Set();
			this.#watchers.set(physical, watchers);
			const wake = () => {
				clearTimeout(timer);
				watchers.delete(wake);
				if (watchers.size === 0) this.#watchers.delete(physical);
				resolve();
			};
			const timer = setTimeout(wake, ms);
			watchers.add(wake);
		});
	}

	/** Nobody waits any longer. */
	close(): void {
		for (const watchers of [...this.#watchers.values()]) for (const wake of [...watchers]) wake();
	}

	#markChanged(markKey: string): void {
		this.#marks.suspect(markKey);
		const namespace = this.#names.namespaceOfMark(markKey);
		const space = this.#spaces.get(namespace);
		const {markKey: ofNamespace} = space?.keys ?? this.#names.spaceOf(markKey);
		if (markKey !== ofNamespace) this.#changes.note(anyTagOf(ofNamespace));
		else if (space !== undefined) {
			this.#changes.noteAll();
			space.tier?.suspectAll();
		}
	}
}
