import {toError} from '../../support/to-error.js';
import type {DirtyChange, DirtyKind, JournalStore} from '../dirty-change.js';

/** A store whose failures are reported once until it works again: the journal in memory stays complete. */
export class GuardedStore {
	readonly #store: JournalStore | undefined;
	readonly #onFailure: (error: Error) => void;
	#isFailing = false;

	constructor(store: JournalStore | undefined, onFailure: (error: Error) => void) {
		this.#store = store;
		this.#onFailure = onFailure;
	}

	noted(kind: DirtyKind, name: string, change: DirtyChange): void {
		this.#try((store) => store.noted(kind, name, change));
	}

	reconciled(kind: DirtyKind, names: Iterable<string>): void {
		for (const name of names) this.#store?.reconciled(kind, name);
	}

	emptied(): void {
		this.#try((store) => store.emptied());
	}

	close(): void {
		this.#store?.close();
	}

	#try(work: (store: JournalStore) => void): void {
		if (this.#store === undefined) return;
		try {
			work(this.#store);
			this.#isFailing = false;
		} catch (error) {
			if (this.#isFailing) return;
			this.#isFailing = true;
			this.#onFailure(toError(error));
		}
	}
}
